import { max, min } from './maths.ts';
import { addDisc, chord, createPlane, transpose } from './phantom.ts';
import type { Plane, Section } from './phantom.ts';
import { STEP } from './thorax-shape.ts';
import type { Shape, Tube } from './thorax-shape.ts';
import type { Thorax } from './thorax.ts';

/** Rows and columns of the image. */
export const SIZE = 1024;
export const PIXEL_MM = 0.35;
/** Side of the image at half the resolution. */
export const HALF = SIZE / 2;
/** Share of the way through a lung that is air. */
const AIR = 0.76;
/** Beyond everything, in mm. */
const FAR = 1e6;

/** What the rays pass through, as mm of water. */
export interface Projection {
  readonly water: Plane;
  /** Its mean over a wide neighbourhood, at half the resolution. */
  readonly wide: Float32Array;
}

/**
 * The chest as rays see it.
 *
 * @param lateral - from the side (right to left) instead of from the back.
 */
export function project(thorax: Thorax, lateral: boolean): Projection {
  const soft = projectShapes(thorax, lateral);
  const wide = boxBlur(boxBlur(soft.data, HALF, 45), HALF, 45);
  const water = createPlane(SIZE, SIZE, PIXEL_MM);
  enlarge(soft.data, water.data);
  for (const { balls, excess = 0, step = STEP } of tubesOf(thorax)) {
    if (excess === 0) continue;
    for (const { x, y, z, r } of balls) {
      // From the side, what is nearer to the source (the right side) is shown larger.
      if (lateral) addDisc(water, y * (1 - x * 0.0004), -z * (1 - x * 0.0004), r, excess * step);
      else addDisc(water, x, -z, r, excess * step);
    }
  }
  return { water, wide };
}

const isTube = (item: Shape | Tube): item is Tube => 'balls' in item;

const tubesOf = ({ lungVessels, lesion, organs, bones }: Thorax): Tube[] => [
  lungVessels,
  ...[...lesion, ...organs, ...bones].filter(isTube),
];

/** Everything but the tubes, at half the resolution: these shapes have no fine detail. */
function projectShapes(thorax: Thorax, lateral: boolean): Plane {
  const plane = createPlane(HALF, HALF, PIXEL_MM * 2);
  const { soft, bones } = lateral ? { soft: [], bones: [] } : thorax.shoulders;
  const extras = [...thorax.lesion, ...thorax.organs, ...thorax.bones, ...bones].flatMap(item =>
    isTube(item) || item.excess === undefined ? [] : [{ shape: item, excess: item.excess }]
  );
  const sectionsOf = (shapes: readonly Shape[], z: number) =>
    shapes.flatMap(shape => {
      const section = shape.at(z);
      return section === undefined ? [] : [lateral ? transpose(section) : section];
    });
  for (let row = 0; row < HALF; row += 1) {
    const z = -(plane.y0 + row * plane.spacing);
    const body = sectionsOf([...thorax.outline, ...soft], z);
    const [cavity] = sectionsOf([thorax.cavity], z);
    const occupants = sectionsOf(thorax.occupants, z);
    const line = plane.data.subarray(row * HALF, (row + 1) * HALF);
    for (const { shape, excess } of extras) {
      for (const section of sectionsOf([shape], z)) addChords(line, plane, section, excess);
    }
    for (let column = 0; column < HALF; column += 1) {
      const at = plane.x0 + column * plane.spacing;
      const lung = cavity === undefined ? undefined : chord(cavity, at);
      const air =
        lung === undefined ? 0 : lung[1] - lung[0] - covered(occupants, at, lung[0], lung[1]);
      line[column] = (line[column] ?? 0) + covered(body, at, -FAR, FAR) - AIR * air;
    }
  }
  return plane;
}

function addChords(line: Float32Array, plane: Plane, section: Section, excess: number): void {
  for (let column = 0; column < line.length; column += 1) {
    const crossing = chord(section, plane.x0 + column * plane.spacing);
    if (crossing !== undefined)
      line[column] = (line[column] ?? 0) + excess * (crossing[1] - crossing[0]);
  }
}

/** Ends of the stretches in {@link covered}: kept, since it runs a million times. */
const starts = new Float64Array(32);
const ends = new Float64Array(32);

/** How much of the line from `from` to `to` lies in at least one of the sections. */
function covered(sections: readonly Section[], at: number, from: number, to: number): number {
  let count = 0;
  for (const section of sections) {
    const crossing = chord(section, at);
    if (crossing === undefined) continue;
    // Sorted as they come in, by their start.
    let place = count;
    for (; place > 0 && (starts[place - 1] ?? 0) > crossing[0]; place -= 1) {
      starts[place] = starts[place - 1] ?? 0;
      ends[place] = ends[place - 1] ?? 0;
    }
    starts[place] = crossing[0];
    ends[place] = crossing[1];
    count += 1;
  }
  let total = 0;
  let reached = from;
  for (let i = 0; i < count; i += 1) {
    const stop = min(ends[i] ?? 0, to);
    total += max(0, stop - max(starts[i] ?? 0, reached));
    reached = max(reached, stop);
  }
  return total;
}

/** Twice the size, values between taken from both neighbours. */
function enlarge(source: Float32Array, target: Float32Array): void {
  const clamp = (i: number) => min(HALF - 1, max(0, i));
  for (let y = 0; y < SIZE; y += 1) {
    const near = (y >> 1) * HALF;
    const far = clamp((y >> 1) + ((y & 1) === 0 ? -1 : 1)) * HALF;
    for (let x = 0; x < SIZE; x += 1) {
      const a = x >> 1;
      const b = clamp(a + ((x & 1) === 0 ? -1 : 1));
      target[y * SIZE + x] =
        0.5625 * (source[near + a] ?? 0) +
        0.1875 * ((source[near + b] ?? 0) + (source[far + a] ?? 0)) +
        0.0625 * (source[far + b] ?? 0);
    }
  }
}

/** Mean over a square of `2 * radius + 1` pixels; the edge pixels count on beyond the edge. */
function boxBlur(source: Float32Array, size: number, radius: number): Float32Array {
  const along = (from: Float32Array, step: number, line: number) => {
    const result = new Float32Array(from.length);
    const clamp = (i: number) => min(size - 1, max(0, i));
    for (let k = 0; k < size; k += 1) {
      const start = k * line;
      let sum = 0;
      for (let i = -radius; i <= radius; i += 1) sum += from[start + clamp(i) * step] ?? 0;
      for (let i = 0; i < size; i += 1) {
        result[start + i * step] = sum / (2 * radius + 1);
        sum +=
          (from[start + clamp(i + radius + 1) * step] ?? 0) -
          (from[start + clamp(i - radius) * step] ?? 0);
      }
    }
    return result;
  };
  return along(along(source, 1, size), size, 1);
}
