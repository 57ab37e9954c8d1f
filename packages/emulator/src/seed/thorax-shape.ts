import { max, min, sqrt } from './maths.ts';
import { smoothstep } from './phantom.ts';
import type { Section } from './phantom.ts';

/** A body whose cut at each height is a {@link Section}. */
export interface Shape {
  /** Hounsfield units. */
  readonly value: number;
  /** How far its surface may be bent, in mm. */
  readonly warp: number;
  /** Width of its edge in mm. */
  readonly soft: number;
  /** Density beyond what surrounds it, relative to water; what a projection adds. Default 0. */
  readonly excess?: number;
  at(z: number): Section | undefined;
}

/** One step along a tube. */
export interface Ball {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly r: number;
}

/** A bent tube as a chain of balls. */
export interface Tube {
  readonly value: number;
  /** Distance of its balls in mm; default {@link STEP}. */
  readonly step?: number;
  readonly excess?: number;
  readonly balls: readonly Ball[];
}

/** Distance of the balls of a thin tube in mm. */
export const STEP = 0.9;

/** Where the lesion is, and how far it reaches from there: 23 mm from left to right. */
export const LESION = { x: -84, y: -8, z: 54, a: 11.5, b: 10, c: 11 } as const;

/** An ellipsoid; `angle` turns it about the z axis. */
export function ellipsoid(
  value: number,
  centre: readonly [number, number, number],
  half: readonly [number, number, number],
  options: { angle?: number; warp?: number; soft?: number; excess?: number } = {}
): Shape {
  const [x, y, z0] = centre;
  const [a, b, c] = half;
  const { angle = 0, warp = 0, soft = 1.2, excess } = options;
  const at = (z: number): Section | undefined => {
    const rest = 1 - ((z - z0) / c) ** 2;
    if (rest <= 0.002) return undefined;
    const scale = sqrt(rest);
    return { x, y, a: a * scale, b: b * scale, angle };
  };
  return { value, warp, soft, at, ...(excess === undefined ? {} : { excess }) };
}

/** Where the middle of the vertebral bodies is, from front to back. */
export const spineY = (z: number) =>
  66 - 17 * smoothstep(30, 125, z) - 5 * smoothstep(-40, -126, z);

/** The inner surface of the chest wall. */
export function cavityAt(z: number): Section | undefined {
  const rise = max(0, (z - 25) / 94);
  const rest = 1 - rise ** 2.7;
  if (rest <= 0.02) return undefined;
  const scale = sqrt(rest);
  return {
    x: 0,
    y: -2 + 24 * smoothstep(30, 118, z),
    a: (133 + 4 * smoothstep(25, -126, z)) * scale,
    b: 89 * scale,
    squareness: 0.4,
  };
}

/** A smooth curve through points (x, y, z, r), as balls `step` mm apart. */
export function tubeThrough(
  points: readonly (readonly [number, number, number, number])[],
  step = STEP
): Ball[] {
  const balls: Ball[] = [];
  const point = (i: number) => points[min(points.length - 1, max(0, i))] ?? [0, 0, 0, 1];
  for (let i = 0; i + 1 < points.length; i += 1) {
    const [p0, p1, p2, p3] = [point(i - 1), point(i), point(i + 1), point(i + 2)] as const;
    const steps = Math.ceil(Math.hypot(p2[0] - p1[0], p2[1] - p1[1], p2[2] - p1[2]) / step);
    for (let k = 0; k < steps; k += 1) {
      const t = k / steps;
      const along = (axis: 0 | 1 | 2) => {
        const [a, b, c, d] = [p0[axis], p1[axis], p2[axis], p3[axis]];
        // Catmull-Rom spline.
        return (
          b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * b - a - 3 * c + d)))
        );
      };
      balls.push({ x: along(0), y: along(1), z: along(2), r: p1[3] + (p2[3] - p1[3]) * t });
    }
  }
  return balls;
}
