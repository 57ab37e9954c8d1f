/** The reason of an abort by Ctrl-C or SIGTERM. */
export class InterruptedError extends Error {}

/**
 * A signal that is aborted by the first Ctrl-C or SIGTERM, so that what is under way comes to a clean end. The second ends the process at
 * once.
 */
export function stopSignal(): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort(new InterruptedError('interrupted'));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    dispose: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
