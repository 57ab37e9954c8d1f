import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Pictures are compared in so many cells a side: enough to tell a flipped image from one that is not. */
export const CELLS = 24;

/** A picture as averages of red, green and blue in {@link CELLS} x {@link CELLS} cells. */
export type Cells = readonly number[];

export interface Picture {
  width: number;
  height: number;
  cells: Cells;
}

/** Of dcmtk's converters to pictures, those that together read all but JPEG 2000. */
const CONVERTERS = ['dcmj2pnm', 'dcml2pnm'];
/** The first window of the file; without one from the smallest to the largest value. */
const WINDOWS = [['+Wi', '1'], ['+Wm'], []];

/**
 * A frame as dcmtk, which shares no code with the viewer, makes it.
 *
 * @param frame from 1
 */
export async function pictureBy(file: string, frame = 1): Promise<Picture> {
  const out = `${file}.${frame}.pnm`;
  const problems: unknown[] = [];
  for (const tool of CONVERTERS) {
    for (const window of WINDOWS) {
      try {
        await run(tool, ['-q', '+F', String(frame), ...window, '+op', file, out]);
        return pictureOfPnm(await readFile(out));
      } catch (error) {
        problems.push(error);
      } finally {
        await rm(out, { force: true });
      }
    }
  }
  throw new AggregateError(problems, `dcmtk makes no picture of ${file}.`);
}

/** Reads a binary PGM (P5) or PPM (P6) of 8 bits. */
function pictureOfPnm(bytes: Buffer): Picture {
  const [header = '', kind, width, height] =
    /^(P[56])\s+(?:#.*\n)*(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 256).toString('latin1')) ??
    [];
  if (!kind) throw new Error('dcmtk wrote no picture of 8 bits.');
  const channels = kind === 'P6' ? 3 : 1;
  const picture = { width: Number(width), height: Number(height) };
  const data = bytes.subarray(header.length);
  return { ...picture, cells: cellsOf({ ...picture, data, channels }) };
}

/** Averages of a picture's cells. */
export function cellsOf(picture: {
  width: number;
  height: number;
  data: ArrayLike<number>;
  channels: number;
}): Cells {
  const { width, height, data, channels } = picture;
  const sums = new Array<number>(CELLS * CELLS * 3).fill(0);
  const counts = new Array<number>(CELLS * CELLS).fill(0);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const cell = Math.floor((y * CELLS) / height) * CELLS + Math.floor((x * CELLS) / width);
      const at = (y * width + x) * channels;
      counts[cell] = (counts[cell] ?? 0) + 1;
      for (let colour = 0; colour < 3; colour += 1) {
        const value = data[at + (channels >= 3 ? colour : 0)] ?? 0;
        sums[cell * 3 + colour] = (sums[cell * 3 + colour] ?? 0) + value;
      }
    }
  }
  return sums.map((sum, at) => sum / Math.max(1, counts[Math.floor(at / 3)] ?? 0));
}

/** Pearson's correlation over all cells and colours; NaN where one of the two is all the same. */
export function correlation(one: Cells, other: Cells): number {
  const mean = (cells: Cells) => cells.reduce((sum, each) => sum + each, 0) / cells.length;
  const [a, b] = [mean(one), mean(other)];
  let [both, first, second] = [0, 0, 0];
  for (const [at, value] of one.entries()) {
    const [p, q] = [value - a, (other[at] ?? 0) - b];
    both += p * q;
    first += p * p;
    second += q * q;
  }
  return both / Math.sqrt(first * second);
}
