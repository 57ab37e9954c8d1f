/** Holds the viewer's start: it waits for us before it renders, and goes on without us after an error. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
