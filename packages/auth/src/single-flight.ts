/**
 * Lets one run of `task` serve all who ask while it is under way. The next call after it has ended runs it anew.
 * @returns a function that gives everybody the same promise.
 */
export function singleFlight<Result>(task: () => Promise<Result>): () => Promise<Result> {
  let flight: Promise<Result> | undefined;
  return () => {
    flight ??= task().finally(() => {
      flight = undefined;
    });
    return flight;
  };
}
