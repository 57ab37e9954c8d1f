/**
 * Waits for `promise`, but not longer than `signal` lets it.
 * @throws the signal's reason when `signal` is aborted first.
 */
export function untilAborted<Result>(
  promise: Promise<Result>,
  signal?: AbortSignal
): Promise<Result> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
