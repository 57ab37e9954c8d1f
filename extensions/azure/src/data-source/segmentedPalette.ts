/** Types of segments. @see PS3.3 C.7.9.2 */
const DISCRETE = 0;
const LINEAR = 1;
const INDIRECT = 2;

/**
 * The entries of a segmented colour table.
 * @param words - the Segmented Palette Color Lookup Table Data, read as bytes or as words, as the descriptor's bits say.
 * @param isWords - each entry has 16 bits; else 8. The offsets of indirect segments are in bytes.
 * @param entries - how many there must be.
 * @returns undefined when the segments are not those of a table of so many entries.
 * @see PS3.3 C.7.9.2
 */
export function expandSegments(
  words: ArrayLike<number>,
  isWords: boolean,
  entries: number
): Uint16Array | undefined {
  const table = new Uint16Array(entries);
  let filled = 0;

  /** @returns where the next segment begins; undefined: this is none. */
  const discrete = (at: number, length: number): number | undefined => {
    if (at + length > words.length || filled + length > entries) return undefined;
    for (let index = 0; index < length; index += 1) table[filled + index] = words[at + index] ?? 0;
    filled += length;
    return at + length;
  };
  const linear = (at: number, length: number): number | undefined => {
    const last = words[at];
    // It goes on from the entry before, which there must be.
    if (last === undefined || filled === 0 || filled + length > entries) return undefined;
    const first = table[filled - 1] ?? 0;
    for (let step = 1; step <= length; step += 1) {
      table[filled + step - 1] = Math.round(first + ((last - first) * step) / length);
    }
    filled += length;
    return at + 1;
  };
  const indirect = (at: number, length: number): number | undefined => {
    const width = isWords ? 2 : 1;
    const offset = Array.from({ length: 4 / width }, (_, index) => words[at + index]).reduceRight(
      (sum: number, word = Number.NaN) => sum * (isWords ? 65_536 : 256) + word,
      0
    );
    // An indirect segment points at others, and not at indirect ones.
    const end = expand(offset / width, length, [discrete, linear]);
    return end === undefined ? undefined : at + 4 / width;
  };

  type Kind = (at: number, length: number) => number | undefined;
  function expand(from: number, segments: number, kinds: readonly Kind[]): number | undefined {
    let at = from;
    for (let done = 0; done < segments && at < words.length && filled < entries; done += 1) {
      const next = kinds[words[at] ?? Number.NaN]?.(at + 2, words[at + 1] ?? 0);
      if (next === undefined) return undefined;
      at = next;
    }
    return Number.isInteger(at) ? at : undefined;
  }

  const kinds: Kind[] = [];
  kinds[DISCRETE] = discrete;
  kinds[LINEAR] = linear;
  kinds[INDIRECT] = indirect;
  const isRead = expand(0, Number.POSITIVE_INFINITY, kinds) !== undefined;
  return isRead && filled === entries ? table : undefined;
}
