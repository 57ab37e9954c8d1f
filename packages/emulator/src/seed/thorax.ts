import { greatVessels } from './great-vessels.ts';
import { lungVessels, spicules } from './lung-vessels.ts';
import { max, min, sqrt } from './maths.ts';
import { smoothstep } from './phantom.ts';
import { ribs, shoulderGirdle, shoulders, sternum, vertebrae } from './thorax-bones.ts';
import { cavityAt, ellipsoid, LESION, spineY } from './thorax-shape.ts';
import type { Shape, Tube } from './thorax-shape.ts';

/**
 * A chest in patient coordinates (mm; x to the left, y to the back, z to the head; PS3.3 C.7.6.2.1.1),
 * for the CT to slice and the CR to project. The origin is a little in front of the spine, at the carina.
 */
export interface Thorax {
  /** The skin: trunk and breasts. */
  readonly outline: readonly Shape[];
  /** From the skin inwards, each painted over the one before. */
  readonly wall: readonly Shape[];
  /** Both lungs and what lies between. */
  readonly cavity: Shape;
  readonly lungVessels: Tube;
  readonly lesion: readonly (Shape | Tube)[];
  /** What takes room from the lungs: mediastinum, diaphragm, heart. */
  readonly occupants: readonly Shape[];
  /** What lies inside those. */
  readonly organs: readonly (Shape | Tube)[];
  readonly bones: readonly (Shape | Tube)[];
  /** Soft tissue and bone of the shoulders as they hang; in the scanner the arms are raised. */
  readonly shoulders: { readonly soft: readonly Shape[]; readonly bones: readonly Shape[] };
}

const skinAt = (z: number) => ({
  x: 0,
  y: 7 + 10 * smoothstep(40, 126, z),
  // Above the shoulders the neck.
  a: 163 + 9 * smoothstep(20, 110, z) - 112 * smoothstep(118, 172, z),
  b: 113 - 26 * smoothstep(30, 126, z) - 26 * smoothstep(118, 160, z),
  squareness: 0.5,
});

function shell(value: number, inset: number): Shape {
  const at = (z: number) => {
    const skin = skinAt(z);
    return { ...skin, a: skin.a - inset, b: skin.b - inset };
  };
  return { value, warp: 3, soft: 1.2, at };
}

function breast(s: 1 | -1): Shape[] {
  return [
    ellipsoid(15, [s * 74, -100, -44], [50, 22, 46], { warp: 2 }),
    ellipsoid(-100, [s * 74, -99, -44], [48, 20, 44], { warp: 2 }),
    ellipsoid(35, [s * 70, -104, -44], [24, 8, 22], { warp: 5, soft: 5 }),
  ];
}

const outline = (): Shape[] => [shell(10, 0), ...breast(1).slice(0, 1), ...breast(-1).slice(0, 1)];

function wall(): Shape[] {
  const muscle: Shape = {
    value: 55,
    warp: 3,
    soft: 1.5,
    at: z => {
      const cavity = cavityAt(min(z, 96));
      if (cavity === undefined) return undefined;
      const top = smoothstep(30, 100, z);
      return {
        ...cavity,
        y: cavity.y + 3,
        a: cavity.a + 12 + 30 * top,
        b: cavity.b + 11 + 4 * top,
      };
    },
  };
  const pectoral = (s: 1 | -1): Shape => ({
    value: 56,
    warp: 3,
    soft: 1.5,
    at: z => {
      const skin = skinAt(z);
      const scale = sqrt(max(0, 1 - ((z - 58) / 62) ** 2));
      if (scale < 0.1) return undefined;
      return { x: s * 70, y: skin.y - skin.b + 21, a: 54 * scale, b: 10 * scale, angle: s * 0.2 };
    },
  });
  const backMuscle = (s: 1 | -1): Shape => ({
    value: 58,
    warp: 3,
    soft: 1.2,
    at: z => ({ x: s * 30, y: skinAt(z).y + skinAt(z).b - 23, a: 29, b: 14 }),
  });
  const paired = (s: 1 | -1): Shape[] => [
    backMuscle(s),
    pectoral(s),
    ellipsoid(56, [s * 120, 62, 40], [38, 20, 88], { angle: s * -0.75, warp: 4 }),
  ];
  return [
    ...outline(),
    shell(-104, 2.2),
    ...breast(1).slice(1),
    ...breast(-1).slice(1),
    muscle,
    ...paired(1),
    ...paired(-1),
  ];
}

function occupants(): Shape[] {
  const fat = (at: Shape['at']): Shape => ({ value: -92, warp: 4, soft: 1.5, at });
  return [
    fat(z => ({
      x: 1,
      y: 30 - 6 * smoothstep(60, 118, z),
      a: 25 + 3 * Math.sin(z / 22) + 6 * smoothstep(40, 112, z),
      b: 50 - 16 * smoothstep(50, 118, z),
    })),
    fat(z => ({
      x: 3,
      y: -34 + 36 * smoothstep(50, 118, z),
      a: 17 + 9 * smoothstep(40, 100, z),
      b: 54 - 22 * smoothstep(50, 118, z),
    })),
    // What the great vessels add to the outline: arch, descending aorta, upper hollow vein, lung artery.
    ellipsoid(-92, [24, 18, 54], [21, 34, 19], { warp: 2 }),
    fat(z =>
      z > 52 ? undefined : { x: 27 - 8 * smoothstep(-20, -126, z), y: 46, a: 13.4, b: 13.4 }
    ),
    ellipsoid(-92, [-23, -18, 32], [13, 15, 66], { warp: 2 }),
    ellipsoid(-92, [32, -20, 12], [22, 30, 22], { warp: 2 }),
    { value: 48, warp: 1.5, soft: 1.2, at: z => ({ x: 0, y: spineY(z) + 4, a: 25, b: 20 }) },
    // Diaphragm: the right dome, with the liver, stands higher than the left.
    ellipsoid(108, [-68, -8, -166], [78, 92, 101], { warp: 4 }),
    ellipsoid(-96, [66, -8, -172], [74, 88, 98], { warp: 4 }),
    ellipsoid(104, [-4, -42, -150], [70, 44, 62], { warp: 4 }),
    // Heart in its fat: base and apex.
    ellipsoid(-88, [8, -22, -30], [54, 48, 56], { angle: -0.3, warp: 4 }),
    ellipsoid(-88, [42, -34, -55], [52, 38, 40], { angle: -0.6, warp: 4 }),
  ];
}

function organs(): (Shape | Tube)[] {
  return [
    ellipsoid(118, [98, 34, -150], [30, 42, 62], { angle: 0.9, warp: 4 }),
    ellipsoid(42, [56, -22, -138], [46, 40, 50], { warp: 5 }),
    ellipsoid(18, [56, -20, -138], [42, 36, 46], { warp: 5 }),
    ellipsoid(-960, [58, -38, -118], [26, 17, 17], { warp: 1, excess: -0.9 }),
    // Heart: wall, then the blood in left and right ventricle and atrium.
    ellipsoid(106, [8, -22, -31], [50, 44, 50], { angle: -0.3, warp: 3 }),
    ellipsoid(106, [41, -33, -54], [48, 34, 36], { angle: -0.6, warp: 3 }),
    ellipsoid(176, [-24, -22, -28], [24, 24, 36], { warp: 3, soft: 3 }),
    ellipsoid(172, [16, -47, -46], [40, 15, 34], { angle: -0.5, warp: 3, soft: 3 }),
    ellipsoid(188, [45, -27, -50], [34, 19, 28], { angle: -0.66, warp: 3, soft: 3 }),
    ellipsoid(190, [6, 14, -16], [34, 18, 22], { angle: -0.1, warp: 3, soft: 3 }),
    ...greatVessels(),
  ];
}

/** The phantom; made anew on each call, always the same. */
export function createThorax(): Thorax {
  const { x, y, z, a, b, c } = LESION;
  return {
    outline: outline(),
    wall: wall(),
    cavity: { value: -862, warp: 2.5, soft: 1.2, at: cavityAt },
    lungVessels: lungVessels(),
    lesion: [spicules(), ellipsoid(48, [x, y, z], [a, b, c], { warp: 0.8, excess: 1.1 })],
    occupants: occupants(),
    organs: organs(),
    bones: [...vertebrae(), ...ribs(), ...sternum(), ...shoulderGirdle()],
    shoulders: shoulders(),
  };
}
