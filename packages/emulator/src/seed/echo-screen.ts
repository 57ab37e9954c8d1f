import { FRAMES, HEART_RATE, SCAN } from './echo-scan.ts';
import { glyphRows } from './glyphs.ts';
import { exp, max, min } from './maths.ts';

/** What stays on the screen: text, depth marks, the electrocardiogram. */
export function drawScreen(image: Uint8Array): void {
  const { columns, apexRow, mmPerPixel, depth } = SCAN;
  write(image, 'PRACTICE HOSPITAL', 12, 12);
  write(image, 'SYNTHETIC PHANTOM', 12, 24);
  write(image, 'A4C', 12, 44);
  write(image, `${String(depth / 10)} CM`, 12, 56);
  write(image, `HR ${String(HEART_RATE)}`, 12, 68);
  for (let mm = 0; mm <= depth; mm += 10) {
    const start = Math.round(apexRow + mm / mmPerPixel) * columns + 600;
    image.fill(170, start, start + (mm % 50 === 0 ? 10 : 5));
  }
  let before = traceRow(0);
  for (let column = 0; column < columns; column += 1) {
    const row = traceRow(column);
    for (let y = min(row, before); y <= max(row, before); y += 1) image[y * columns + column] = 150;
    before = row;
  }
}

/** Two beats across the screen. */
function traceRow(column: number): number {
  const phase = (column / (SCAN.columns / 2)) % 1;
  const wave = (at: number, width: number, height: number) =>
    height * exp(-(((phase - at) / width) ** 2));
  const volts =
    wave(0.86, 0.025, 3) +
    wave(0.985, 0.006, -3) +
    wave(0.005, 0.008, 22) +
    wave(0.03, 0.008, -6) +
    wave(0.3, 0.04, 6);
  return Math.round(468 - volts);
}

/** Where in the beat the frame is. */
export function drawCursor(image: Uint8Array, frame: number): void {
  const column = Math.round((frame / FRAMES) * (SCAN.columns / 2));
  for (let row = 444; row < 476; row += 1) image[row * SCAN.columns + column] = 220;
}

function write(image: Uint8Array, text: string, left: number, top: number): void {
  [...text].forEach((character, at) => {
    glyphRows(character).forEach((bits, row) => {
      for (let column = 0; column < 5; column += 1) {
        if ((bits & (16 >> column)) !== 0)
          image[(top + row) * SCAN.columns + left + at * 6 + column] = 200;
      }
    });
  });
}
