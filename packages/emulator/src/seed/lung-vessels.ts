import { abs, max, sqrt } from './maths.ts';
import { createRandom } from './random.ts';
import { cavityAt, LESION, STEP } from './thorax-shape.ts';
import type { Ball, Tube } from './thorax-shape.ts';

type Vector = readonly [number, number, number];

const unit = ([x, y, z]: Vector): Vector => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
};

/** Ends of vessels in each tree. */
const TIPS = 380;
/** Radius of a vessel's end in mm. */
const TIP_RADIUS = 0.6;

interface Node {
  readonly at: Vector;
  readonly parent: number;
  /** Distance from the root along the tree, in mm. */
  readonly path: number;
  /** How many ends it feeds. */
  tips: number;
}

/** Arteries and veins of both lungs: four trees, drawn with a fixed sequence of numbers. */
export function lungVessels(): Tube {
  const balls = [1, -1].flatMap(side => [
    ...tree(0x10e5 + side, side, [side * 46, 8, 4]),
    ...tree(0x7e13 + side, side, [side * 38, 20, -14]),
  ]);
  return { value: 95, excess: 0.9, balls };
}

/** Points spread over one lung, nearest to the root first. */
function tips(seed: number, side: number, root: Vector): Vector[] {
  const random = createRandom(seed);
  const found: Vector[] = [];
  while (found.length < TIPS) {
    const at: Vector = [side * random() * 135, random() * 190 - 95, random() * 240 - 126];
    const wall = cavityAt(at[2]);
    if (wall === undefined || abs(at[0]) < 30) continue;
    const u = (at[0] / (wall.a - 6)) ** 2;
    const v = ((at[1] - wall.y) / (wall.b - 6)) ** 2;
    if (u < 1 && v < 1 && u + v - 0.4 * u * v < 1) found.push(at);
  }
  return found.sort((a, b) => distance(a, root) - distance(b, root));
}

/** Joins each point to where the way back to the root is shortest; Murray's law gives the widths. */
function tree(seed: number, side: number, root: Vector): Ball[] {
  const nodes: Node[] = [{ at: root, parent: -1, path: 0, tips: 0 }];
  const node = (i: number) => nodes[i] as Node;
  for (const tip of tips(seed, side, root)) {
    let best = 0;
    let least = Infinity;
    for (let i = 0; i < nodes.length; i += 1) {
      const cost = distance(node(i).at, tip) + 0.62 * node(i).path;
      if (cost >= least) continue;
      best = i;
      least = cost;
    }
    const from = node(best);
    const parts = max(1, Math.round(distance(from.at, tip) / 6));
    let parent = best;
    for (let part = 1; part <= parts; part += 1) {
      const t = part / parts;
      const at = [0, 1, 2].map(k => (from.at[k] ?? 0) * (1 - t) + (tip[k] ?? 0) * t);
      nodes.push({
        at: at as unknown as Vector,
        parent,
        path: from.path + distance(from.at, tip) * t,
        tips: 0,
      });
      parent = nodes.length - 1;
    }
    for (let i = parent; i >= 0; i = node(i).parent) node(i).tips += 1;
  }
  return nodes.flatMap(({ at, parent, tips: fed }) => {
    const from = parent < 0 ? at : node(parent).at;
    const steps = Math.ceil(distance(from, at) / STEP);
    const r = TIP_RADIUS * Math.cbrt(fed);
    return Array.from({ length: steps }, (_, i): Ball => {
      const t = i / steps;
      return {
        x: from[0] * (1 - t) + at[0] * t,
        y: from[1] * (1 - t) + at[1] * t,
        z: from[2] * (1 - t) + at[2] * t,
        r,
      };
    });
  });
}

// Not Math.hypot: it is called two million times, and a square root is many times faster.
function distance(a: Vector, b: Vector): number {
  const x = a[0] - b[0];
  const y = a[1] - b[1];
  const z = a[2] - b[2];
  return sqrt(x * x + y * y + z * z);
}

/** Fine strands from the lesion into the lung. */
export function spicules(): Tube {
  const random = createRandom(0x5e1);
  const balls: Ball[] = [];
  for (let strand = 0; strand < 22; strand += 1) {
    const azimuth = random() * 2 * Math.PI;
    const height = random() * 1.6 - 0.8;
    const [dx, dy, dz] = unit([Math.cos(azimuth), Math.sin(azimuth), height]);
    const length = 4 + random() * 6;
    for (let d = 8; d < 10.5 + length; d += STEP) {
      balls.push({
        x: LESION.x + dx * d,
        y: LESION.y + dy * d,
        z: LESION.z + dz * d,
        r: 0.9 * (1 - (d - 8) / (length + 6)),
      });
    }
  }
  return { value: -250, excess: 0.4, balls };
}
