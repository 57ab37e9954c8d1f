/** Wrong use, or something on this machine that the user has to put right: one clear line, exit status 2. */
export class UsageError extends Error {}
