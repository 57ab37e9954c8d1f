import { max, sqrt } from './maths.ts';
import { smoothstep } from './phantom.ts';
import type { Section } from './phantom.ts';

/** What a voxel of the head is made of. */
export type Tissue =
  | 'air'
  | 'bone'
  | 'csf'
  | 'eye'
  | 'fat'
  | 'grey'
  | 'lesion'
  | 'marrow'
  | 'muscle'
  | 'nuclei'
  | 'skin'
  | 'white';

/** Patches of brighter white matter in T2, as they come with age: x, y, z and radius in mm. */
const PATCHES = [
  [-31, -30, 26, 3.4],
  [29, 24, 28, 4.2],
  [-27, 38, 17, 3],
  [33, -6, 34, 3.6],
  [-34, 4, 33, 2.6],
  [24, -38, 20, 2.4],
] as const;

/** One thing painted at a height. */
export interface Item {
  readonly tissue: Tissue;
  readonly section: Section;
  readonly soft?: number;
  /** How far the edge may be bent, in mm; default 2. */
  readonly warp?: number;
}

/** Half axes of the head's outline: widest above the ears, closed at the crown. */
function headAt(z: number): Section {
  const up = max(0, (z - 5) / 86);
  const scale = sqrt(max(0.01, 1 - up ** 2.3));
  const neck = smoothstep(-20, -75, z);
  return {
    x: 0,
    y: -4 * neck,
    a: 78 * scale - 6 * neck,
    b: 97 * scale - 2 * neck,
    squareness: 0.25,
  };
}

/** A section that reaches `by` mm farther (or less far) on all sides. */
export const grow = (section: Section, by: number): Section => ({
  ...section,
  a: max(1, section.a + by),
  b: max(1, section.b + by),
});

/** Scalp, skull, and below the vault its base and the face. */
export function skull(z: number): Item[] {
  const head = headAt(z);
  const items: Item[] = [
    { tissue: 'skin', section: head },
    { tissue: 'fat', section: grow(head, -1.8) },
    { tissue: 'bone', section: grow(head, -6) },
    { tissue: 'marrow', section: grow(head, -7.8), soft: 2 },
    { tissue: 'bone', section: grow(head, -10.4) },
  ];
  // Below the vault: muscles, base of the skull, face.
  const base = smoothstep(-12, -30, z);
  if (base > 0) {
    for (const s of [1, -1]) {
      items.push(
        {
          tissue: 'muscle',
          section: { x: s * 59, y: -34, a: 6 * base, b: 20 * base, angle: s * 0.2 },
        },
        {
          tissue: 'muscle',
          section: { x: s * 22, y: 79, a: 20 * base, b: 6 * base, angle: s * -0.25 },
        },
        { tissue: 'marrow', section: { x: s * 48, y: 22, a: 14 * base, b: 13 * base }, soft: 3 },
        { tissue: 'air', section: { x: s * 52, y: 26, a: 9 * base, b: 8 * base }, soft: 3, warp: 6 }
      );
    }
    items.push({
      tissue: 'marrow',
      section: { x: 0, y: -24, a: 24 * base, b: 16 * base },
      soft: 3,
    });
  }
  const face = smoothstep(-14, -26, z);
  if (face > 0) {
    items.push({ tissue: 'fat', section: { x: 0, y: -66, a: 50 * face, b: 24 * face }, soft: 3 });
    items.push({ tissue: 'air', section: { x: 0, y: -62, a: 11 * face, b: 22 * face }, warp: 3 });
    items.push({ tissue: 'muscle', section: { x: 0, y: -64, a: 1.6, b: 22 * face } });
    items.push({ tissue: 'air', section: { x: 0, y: -30, a: 10 * face, b: 8 * face }, warp: 2 });
    for (const s of [1, -1]) items.push(...orbit(s, z));
  }
  return items;
}

function orbit(s: number, z: number): Item[] {
  const rest = 1 - ((z + 33) / 13) ** 2;
  if (rest <= 0) return [];
  const r = 12.2 * sqrt(rest);
  const muscle = (x: number, y: number, angle: number): Item => ({
    tissue: 'muscle',
    section: { x: s * x, y, a: 1.6, b: 13, angle: s * angle },
    warp: 0,
  });
  return [
    { tissue: 'fat', section: { x: s * 31, y: -62, a: 17, b: 22, angle: s * 0.3 }, warp: 1 },
    muscle(43, -56, 0.5),
    muscle(21, -56, 0.1),
    { tissue: 'white', section: { x: s * 27, y: -50, a: 2, b: 13, angle: s * 0.35 }, warp: 0 },
    { tissue: 'skin', section: { x: s * 33, y: -74, a: r + 1, b: r + 1 }, warp: 0 },
    { tissue: 'eye', section: { x: s * 33, y: -74, a: r, b: r }, warp: 0 },
    {
      tissue: 'muscle',
      section: { x: s * 33, y: -81.5, a: 4.4 * sqrt(rest), b: 2.2 },
      warp: 0,
    },
  ];
}

/** A part of the brain with a folded surface. */
export interface Lobe extends Section {
  /** Depth the furrows reach, in mm. */
  readonly depth: number;
  readonly cerebellum?: boolean;
  readonly split?: boolean;
}

/** What is folded at a height: the halves, the temporal lobes, the cerebellum. */
export function lobes(z: number): Lobe[] {
  const inner = grow(headAt(z), -12.2);
  const base = smoothstep(-8, -24, z);
  const found: Lobe[] = [];
  if (z > -20) found.push({ ...inner, depth: 19, split: true });
  if (z < -16) {
    const small = smoothstep(-70, -30, z);
    found.push({
      x: 0,
      y: 47,
      a: 50 * sqrt(small),
      b: 30 * sqrt(small),
      depth: 14,
      cerebellum: true,
    });
  }
  if (base > 0.8 && z > -56) {
    const temporal = sqrt(smoothstep(-60, -34, z));
    for (const s of [1, -1]) {
      found.push({
        x: s * 41,
        y: -14,
        a: 23 * temporal,
        b: 31 * temporal,
        angle: s * -0.25,
        depth: 13,
      });
    }
    if (z > -32) found.push({ x: 0, y: -52, a: 30, b: 24, depth: 12, split: true });
  }
  return found;
}

/** Ventricles, deep nuclei, brain stem. */
export function deep(z: number): Item[] {
  const items: Item[] = [];
  const bump = (middle: number, half: number) => sqrt(max(0, 1 - ((z - middle) / half) ** 2));
  const add = (
    tissue: Tissue,
    at: readonly [number, number],
    half: readonly [number, number],
    scale: number,
    angle = 0,
    soft?: number
  ) => {
    if (scale < 0.15) return;
    const section = { x: at[0], y: at[1], a: half[0] * scale, b: half[1] * scale, angle };
    items.push({ tissue, section, warp: 1, ...(soft === undefined ? {} : { soft }) });
  };
  const stem = smoothstep(-4, -16, z);
  if (stem > 0) {
    add('csf', [0, 8], [17, 16], stem);
    add('white', [0, 10], [14 - 4 * smoothstep(-35, -60, z), 13], stem, 0, 2);
    add('csf', [0, 26], [8, 4], bump(-32, 16));
  }
  for (const s of [1, -1]) {
    add('white', [s * 22, 4], [22, 30], bump(6, 18), 0, 4);
    add('nuclei', [s * 11, 12], [8.5, 13], bump(6, 13), s * -0.3, 2);
    add('nuclei', [s * 26, -6], [5, 15], bump(4, 13), s * -0.22, 2);
    add('nuclei', [s * 15, -27], [5.5, 9], bump(10, 16), s * -0.3, 2);
    add('grey', [s * 38, -4], [1.8, 18], bump(4, 15), s * -0.1, 2);
    // Lateral ventricle: front horn, body, back horn.
    add('csf', [s * 8, -27], [4.2, 13], bump(14, 17), s * -0.35);
    add('csf', [s * 10, 4], [5, 26], bump(24, 9), s * -0.1);
    add('csf', [s * 22, 38], [4.6, 16], bump(12, 15), s * -0.3);
  }
  add('csf', [0, 6], [2, 11], bump(0, 12));
  for (const [x, y, at, r] of PATCHES) {
    const rest = r * r - ((z - at) / 1.4) ** 2;
    if (rest > 0.5) add('lesion', [x, y], [sqrt(rest), sqrt(rest) * 1.2], 1, 0, 2);
  }
  return items;
}
