const LONGEST_MS = 40_000;
const PAUSE_MS = 100;

/**
 * Looks until what is seen is what is waited for.
 *
 * @param what - for the message, e.g. `the viewport shows an image`
 * @throws {Error} naming `what` and what was seen last, after 40 s
 */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  isThere: (seen: T) => boolean
): Promise<T> {
  const end = Date.now() + LONGEST_MS;
  for (;;) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (Date.now() > end) throw new Error(`Waited for: ${what}. Seen: ${JSON.stringify(seen)}`);
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}
