import { max, min } from './maths.ts';
import { smoothstep } from './phantom.ts';
import { cavityAt, ellipsoid, spineY, tubeThrough } from './thorax-shape.ts';
import type { Shape, Tube } from './thorax-shape.ts';

/** Distance of the balls of a bone in mm: bones are thick enough for a longer step. */
const BONE_STEP = 1.8;
/** Distance from one vertebra to the next in mm. */
const LEVEL = 21.5;
/** Height of the middle of the first thoracic vertebra in mm. */
const FIRST = 108;

type Curve = Parameters<typeof tubeThrough>[0];

/** A bone of tube shape: dense outside, marrow inside. */
function boneTube(points: Curve, cortexMm = 1.5): Tube[] {
  const balls = tubeThrough(points, BONE_STEP);
  const marrow = balls.map(ball => ({ ...ball, r: max(0.8, ball.r - cortexMm) }));
  return [
    { value: 640, excess: 1.15, step: BONE_STEP, balls },
    { value: 190, excess: -0.75, step: BONE_STEP, balls: marrow },
  ];
}

/** The spine: bodies and discs in turn, the canal, the arches. */
export function vertebrae(): (Shape | Tube)[] {
  // 0 in the middle of a body, 1 in the middle of a disc.
  const disc = (z: number) => {
    const phase = (((FIRST - z) % LEVEL) + LEVEL) % LEVEL;
    return smoothstep(LEVEL * 0.34, LEVEL * 0.42, min(phase, LEVEL - phase));
  };
  const body = (inset: number) => (z: number) => ({
    x: 0,
    y: spineY(z),
    a: 16.5 + 2 * smoothstep(40, -126, z) + 1.2 * disc(z) - inset,
    b: 13 - inset,
    squareness: 0.3,
  });
  const onlyIn = (inBody: boolean, shape: Shape): Shape => ({
    ...shape,
    at: z => (disc(z) > 0.5 === inBody ? undefined : shape.at(z)),
  });
  const shapes: Shape[] = [
    onlyIn(true, { value: 520, warp: 1, soft: 1.2, excess: 0.6, at: body(0) }),
    onlyIn(true, { value: 205, warp: 1, soft: 1.5, excess: -0.2, at: body(1.8) }),
    onlyIn(false, { value: 88, warp: 1, soft: 1.5, excess: 0.08, at: body(0.5) }),
  ];
  const arches: Tube[] = [];
  for (let level = -1; level < 12; level += 1) {
    const z = FIRST - level * LEVEL;
    const y = spineY(z);
    for (const s of [1, -1]) {
      arches.push(
        ...boneTube([
          [s * 11, y + 9, z + 1, 4],
          [s * 12, y + 18, z, 4.4],
          [s * 3, y + 27, z - 5, 3.4],
        ]),
        ...boneTube([
          [s * 12, y + 19, z, 4],
          [s * 24, y + 23, z + 2, 3.4],
          [s * 33, y + 25, z + 3, 4],
        ])
      );
    }
    arches.push(
      ...boneTube([
        [0, y + 27, z - 5, 3.2],
        [0, y + 37, z - 14, 2.8],
        [0, y + 43, z - 24, 3.4],
      ])
    );
  }
  const canal: Shape = {
    value: 28,
    warp: 0.5,
    soft: 1.2,
    at: z => ({ x: 0, y: spineY(z) + 19, a: 8.6, b: 7.6 }),
  };
  return [...shapes, ...arches, canal];
}

/** Twelve pairs of ribs, falling towards the front; the upper seven reach the sternum by cartilage. */
export function ribs(): Tube[] {
  const tubes: Tube[] = [];
  for (let rib = 0; rib < 12; rib += 1) {
    const origin = FIRST + 4 - rib * LEVEL;
    const drop = [26, 44, 56, 64, 70, 74, 76, 76, 72, 66, 40, 22][rib] ?? 60;
    const reach = [0.8, 0.8, 0.82, 0.83, 0.83, 0.82, 0.8, 0.77, 0.72, 0.66, 0.48, 0.34][rib] ?? 0.8;
    for (const s of [1, -1]) {
      const points: [number, number, number, number][] = [];
      const steps = 18;
      for (let i = 0; i <= steps; i += 1) {
        const t = (i / steps) * reach;
        // Up over the neck of the rib, then down along the side, level again in front.
        const z = origin - drop * smoothstep(0.02, 0.95, t) + 3 * Math.sin(min(1, t * 5) * Math.PI);
        const wall = cavityAt(min(z, 101)) ?? { a: 60, b: 40, y: 20 };
        const theta = (0.09 + 0.91 * t) * Math.PI;
        const sin = Math.sin(theta);
        const cos = Math.cos(theta);
        // The chest is squarer than an ellipse: stretch the radius as the squircle does.
        const bulge = 1 + 0.16 * (sin * cos) ** 2 * 2;
        points.push([
          s * (wall.a + 6) * sin * bulge,
          wall.y + (wall.b + 6) * cos * bulge,
          z,
          4.6 + 1.1 * Math.sin(Math.PI * min(1, i / steps)) - (rib > 9 ? 0.8 : 0),
        ]);
      }
      tubes.push(...boneTube(points, 1.4));
      const end = points[points.length - 1];
      if (rib < 7 && end !== undefined) {
        const target = 52 - rib * 15;
        tubes.push({
          value: 118,
          excess: 0.05,
          balls: tubeThrough([
            [end[0], end[1], end[2], 5],
            [end[0] * 0.6, end[1] - 6, end[2] - 4 + rib, 5],
            [s * 19, -92, target, 5],
          ]),
        });
      }
    }
  }
  return tubes;
}

/** Manubrium and body of the sternum. */
export function sternum(): Shape[] {
  const plate = (inset: number) => (z: number) => {
    if (z < -66 || z > 62) return undefined;
    const width =
      15 + 13 * smoothstep(22, 50, z) - 4 * smoothstep(-20, 10, z) - 6 * smoothstep(-45, -66, z);
    return {
      x: 0,
      y: -94 + 13 * smoothstep(0, 62, z),
      a: width - inset,
      b: 6.5 - inset,
      squareness: 0.5,
    };
  };
  return [
    { value: 430, warp: 1, soft: 1.5, excess: 0.3, at: plate(0) },
    { value: 120, warp: 1, soft: 1.5, excess: -0.15, at: plate(1.6) },
  ];
}

/** Clavicles and shoulder blades. */
export function shoulderGirdle(): (Shape | Tube)[] {
  return [1, -1].flatMap(s => {
    const clavicle: Curve = [
      [s * 20, -74, 66, 7.4],
      [s * 52, -66, 80, 5.6],
      [s * 92, -36, 92, 5.4],
      [s * 128, -6, 104, 5.6],
      [s * 152, 6, 112, 6],
    ];
    const spineOfBlade: Curve = [
      [s * 84, 84, 84, 3],
      [s * 116, 78, 98, 4],
      [s * 150, 36, 116, 5.5],
    ];
    const rim: Curve = [
      [s * 148, 34, 96, 5],
      [s * 138, 56, 58, 3.6],
      [s * 122, 76, 0, 3],
      [s * 104, 84, -34, 2.6],
    ];
    const inner: Curve = [
      [s * 104, 84, -34, 2.6],
      [s * 84, 92, 30, 2.4],
      [s * 82, 84, 86, 2.6],
    ];
    const blade: Shape = {
      value: 330,
      warp: 1,
      soft: 1.4,
      excess: 0.5,
      at: z => {
        if (z < -30 || z > 96) return undefined;
        const half = 12 + 22 * smoothstep(-34, 80, z);
        return { x: s * 110, y: 81 - 12 * smoothstep(0, 96, z), a: half, b: 2.4, angle: s * -0.55 };
      },
    };
    return [
      ...boneTube(clavicle, 1.6),
      blade,
      ...boneTube(spineOfBlade, 1.2),
      ...boneTube(rim, 1.2),
      ...boneTube(inner, 1),
    ];
  });
}

/** Shoulders with the arms down: soft tissue, and the heads of the upper arms. */
export function shoulders(): { soft: Shape[]; bones: Shape[] } {
  const sides = [1, -1];
  return {
    soft: sides.map(s => ellipsoid(50, [s * 158, 12, 78], [40, 44, 70])),
    bones: sides.flatMap(s => [
      ellipsoid(420, [s * 160, 14, 100], [23, 23, 25], { excess: 0.7 }),
      ellipsoid(170, [s * 160, 14, 100], [20, 20, 22], { excess: -0.3 }),
    ]),
  };
}
