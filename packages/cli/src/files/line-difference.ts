/** A piece of a difference: lines of both, of the old text alone, of the new one alone. */
interface Piece {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** More lines than this are compared as a whole: the table would be large. */
const MAX_LINES = 3_000;

/** The longest common subsequence, by dynamic programming; files of settings are short. */
function compare(before: readonly string[], after: readonly string[]): Piece[] {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      pieces.push({ sign: ' ', line: before[i] ?? '' });
      i += 1;
      j += 1;
    } else if (
      i < before.length &&
      (j === after.length ||
        (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    ) {
      pieces.push({ sign: '-', line: before[i++] ?? '' });
    } else {
      pieces.push({ sign: '+', line: after[j++] ?? '' });
    }
  }
  return pieces;
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/**
 * The difference between two texts, line by line, with three lines around each change, as `diff -u` shows it.
 * @returns lines that begin with a blank, `-`, `+` or `@@`; none when the texts are the same.
 */
export function lineDifference(before: string, after: string, context = 3): string[] {
  if (before === after) return [];
  const [old, now] = [linesOf(before), linesOf(after)];
  if (old.length > MAX_LINES || now.length > MAX_LINES) {
    return [`@@ ${old.length} lines become ${now.length} @@`];
  }
  const pieces = compare(old, now);
  const isShown = pieces.map((_, at) =>
    pieces.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== ' ')
  );
  const shown: string[] = [];
  let oldLine = 1;
  pieces.forEach(({ sign, line }, at) => {
    if (isShown[at]) {
      if (!isShown[at - 1]) shown.push(`@@ line ${oldLine} @@`);
      shown.push(`${sign}${line}`);
    }
    if (sign !== '+') oldLine += 1;
  });
  return shown;
}
