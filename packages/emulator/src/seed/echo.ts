import {
  chambers,
  contraction,
  distanceTo,
  leaflets,
  opening,
  oval,
  radius,
} from './echo-heart.ts';
import { FRAMES, SCAN } from './echo-scan.ts';
import { drawCursor, drawScreen } from './echo-screen.ts';
import { abs, exp, floor, max, min, sqrt } from './maths.ts';
import { smoothstep } from './phantom.ts';
import { grainTile, hillTile } from './random.ts';

/** Brightness in decibels below full white; the display spans 62 of them. */
const RANGE_DB = 62;
const BLOOD_DB = -57;
const MUSCLE_DB = -26;
const PERICARDIUM_DB = -11;
const OUTSIDE_DB = -37;
const VALVE_DB = -12;
/** Side of the speckle tile. */
const TILE = 512;

/**
 * One beat of a heart in the apical four chamber view.
 *
 * @returns {@link FRAMES} frames of {@link SCAN} size, one byte a pixel, frame by frame.
 */
export function createEcho(): Uint8Array<ArrayBuffer> {
  const size = SCAN.columns * SCAN.rows;
  const pixels = new Uint8Array(size * FRAMES);
  const sector = createSector();
  const speckle = createSpeckle(51);
  const background = new Uint8Array(size);
  drawScreen(background);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const image = pixels.subarray(frame * size, (frame + 1) * size);
    image.set(background);
    drawFrame(image, sector, speckle, frame);
    drawCursor(image, frame);
  }
  return pixels;
}

/** The pixels of the sector, with where each is. */
interface Sector {
  readonly index: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Place in the speckle tile: along the beam and across. */
  readonly beam: Float32Array;
  readonly line: Float32Array;
  /** What the way through the chest costs or gives, in decibels. */
  readonly gain: Float32Array;
}

function createSector(): Sector {
  const { columns, rows, apexColumn, apexRow, mmPerPixel, depth, halfAngle } = SCAN;
  const shadows = hillTile(52, TILE, 64).data;
  const numbers = () => new Float32Array(columns * rows);
  const index = new Int32Array(columns * rows);
  const [xs, ys, beam, lines, gain] = [numbers(), numbers(), numbers(), numbers(), numbers()];
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const x = (column - apexColumn) * mmPerPixel;
      const y = (row - apexRow) * mmPerPixel;
      const r = sqrt(x * x + y * y);
      const angle = Math.atan2(x, y);
      if (r < 1.2 || r > depth || abs(angle) > halfAngle) continue;
      const line = (angle + halfAngle) * 128;
      const shadow = shadows[floor(line * 2) + TILE * floor(r / 2)] ?? 0;
      const edge = smoothstep(halfAngle - 0.16, halfAngle, abs(angle));
      index[count] = row * columns + column;
      xs[count] = x;
      ys[count] = y;
      beam[count] = r / mmPerPixel / 1.1;
      lines[count] = line;
      gain[count] = 6 * shadow - 9 * edge - 9 * smoothstep(60, 165, r) + 10 * smoothstep(16, 3, r);
      count += 1;
    }
  }
  const part = (values: Float32Array) => values.subarray(0, count);
  return {
    index: index.subarray(0, count),
    x: part(xs),
    y: part(ys),
    beam: part(beam),
    line: part(lines),
    gain: part(gain),
  };
}

/** Speckle in decibels around 0: the size of a sum of many random echoes (Rayleigh's distribution). */
function createSpeckle(seed: number): Float32Array {
  const { data } = grainTile(seed, TILE, 1);
  // The second channel is the first read far away.
  const far = data.length / 2 + 101;
  return data.map((value, i) => {
    const power = value * value + (data[(i + far) & (data.length - 1)] ?? 0) ** 2;
    return max(-22, 10 * Math.log10(power / 2 + 1e-4));
  });
}

function drawFrame(image: Uint8Array, sector: Sector, speckle: Float32Array, frame: number): void {
  const phase = frame / FRAMES;
  const s = contraction(phase);
  const hollow = chambers(s);
  const valves = leaflets(s, min(1, max(0, opening(phase))));
  const outline = oval(-4, 85 - 2 * s, 54 - 4 * s, 68 - 1.5 * s);
  const { index, x, y, beam, line, gain } = sector;
  for (let i = 0; i < index.length; i += 1) {
    const px = x[i] ?? 0;
    const py = y[i] ?? 0;
    const outer = (radius(outline, px, py) - 1) * 60;
    const rim = outer > 6 || outer < -6 ? 0 : exp(-((outer / 2.2) ** 2)) * smoothstep(10, 70, py);
    let level = OUTSIDE_DB + (MUSCLE_DB - OUTSIDE_DB) * (1 - smoothstep(-1.5, 1.5, outer));
    level += (PERICARDIUM_DB - level) * rim;
    let blood = 0;
    for (const chamber of hollow) {
      const dx = px - chamber.x;
      const dy = py - chamber.y;
      if (dx * dx + dy * dy > chamber.reach) continue;
      const f = radius(chamber, px, py);
      if (f >= 1.12) continue;
      // Walls that the beam meets squarely are brighter than those along it.
      if (f > 0.95) level += 6 * exp(-(((f - 1.04) * 26) ** 2)) * abs((py - chamber.y) / chamber.b);
      blood = max(blood, 1 - smoothstep(0.955, 1.045, f));
    }
    level += (BLOOD_DB - level) * blood;
    if (py > 72 && py < 114) {
      for (const leaflet of valves) {
        const d = distanceTo(leaflet, px, py);
        if (d < 3) level += (VALVE_DB - level) * exp(-((d / 1.1) ** 2));
      }
    }
    // Muscle carries its speckle along as it moves; in blood it changes from frame to frame.
    const carried = 28 * s * smoothstep(15, 104, py) * (1 - smoothstep(104, 150, py));
    const speckleHere =
      blood > 0.5
        ? sample(speckle, (line[i] ?? 0) + frame * 61, (beam[i] ?? 0) + frame * 37)
        : sample(speckle, (line[i] ?? 0) + 180, (beam[i] ?? 0) + carried);
    const decibels = level + (gain[i] ?? 0) + speckleHere * 0.85;
    const grey = (1 + decibels / RANGE_DB) * 255;
    image[index[i] ?? 0] = grey <= 3 ? 3 : grey >= 255 ? 255 : grey;
  }
}

/** The speckle at a place between four of its points. */
function sample(speckle: Float32Array, line: number, beam: number): number {
  const column = floor(line);
  const row = floor(beam);
  const u = line - column;
  const v = beam - row;
  const here = (row & (TILE - 1)) * TILE;
  const below = ((row + 1) & (TILE - 1)) * TILE;
  const left = column & (TILE - 1);
  const right = (column + 1) & (TILE - 1);
  const top = (speckle[here + left] ?? 0) * (1 - u) + (speckle[here + right] ?? 0) * u;
  const bottom = (speckle[below + left] ?? 0) * (1 - u) + (speckle[below + right] ?? 0) * u;
  return top * (1 - v) + bottom * v;
}
