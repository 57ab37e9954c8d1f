/** Exit statuses of every command: all done, something failed, wrong use. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2 } as const;

/** Something failed that has been told already: the command ends with exit status 1. */
export class FailedError extends Error {}
