import { floor, max, min, sqrt } from './maths.ts';
import type { Tile } from './random.ts';

/** A plane of numbers with a physical position: pixel (0, 0) has its centre at (`x0`, `y0`), in mm. */
export interface Plane {
  readonly columns: number;
  readonly rows: number;
  /** Distance of pixel centres in mm, the same both ways. */
  readonly spacing: number;
  readonly x0: number;
  readonly y0: number;
  readonly data: Float32Array;
}

/** A plane around the point (`centreX`, `centreY`), filled with one value. */
export function createPlane(
  columns: number,
  rows: number,
  spacing: number,
  fill = 0,
  centreX = 0,
  centreY = 0
): Plane {
  const x0 = centreX - ((columns - 1) / 2) * spacing;
  const y0 = centreY - ((rows - 1) / 2) * spacing;
  return { columns, rows, spacing, x0, y0, data: new Float32Array(columns * rows).fill(fill) };
}

/**
 * An ellipse in mm, or with `squareness` between 0 and 1 something between an ellipse and its box
 * (u^2 + v^2 - k u^2 v^2 = 1, which costs no power function).
 */
export interface Section {
  readonly x: number;
  readonly y: number;
  /** Half axes in mm. */
  readonly a: number;
  readonly b: number;
  /** Turn of the half axis `a` from +x towards +y, in radians; default 0. */
  readonly angle?: number;
  /** Default 0, an ellipse. Not with `angle` in {@link chord}. */
  readonly squareness?: number;
}

/** A field that moves the edges of what is painted, so that nothing looks drawn with a compass. */
export interface Warp {
  /** Over the whole plane; read a second time half a tile on for the other direction. */
  readonly field: Tile;
  /** 0 when the field has the plane's pixels, 1 when its pixels are twice as large. */
  readonly coarse: 0 | 1;
  /** Largest shift in mm. */
  readonly amount: number;
}

/**
 * Paints a section over a plane with a soft edge.
 *
 * @param plane - changed in place.
 * @param section - where.
 * @param value - what is painted.
 * @param softMm - width of the edge in mm; default one and a half pixels.
 * @param warp - bends the edge; default none.
 * @param opacity - 0 to 1, default 1.
 */
export function paint(
  plane: Plane,
  section: Section,
  value: number,
  softMm = plane.spacing * 1.5,
  warp?: Warp,
  opacity = 1
): void {
  const { columns, spacing, x0, y0, data } = plane;
  const { x, y, a, b, angle = 0, squareness = 0 } = section;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const margin = softMm + (warp?.amount ?? 0);
  const reachX = Math.hypot(a * cos, b * sin) * (squareness > 0 ? 1.02 : 1) + margin;
  const reachY = Math.hypot(a * sin, b * cos) * (squareness > 0 ? 1.02 : 1) + margin;
  const left = max(0, Math.ceil((x - reachX - x0) / spacing));
  const right = min(columns - 1, floor((x + reachX - x0) / spacing));
  const top = max(0, Math.ceil((y - reachY - y0) / spacing));
  const bottom = min(plane.rows - 1, floor((y + reachY - y0) / spacing));
  const steepness = min(a, b) / softMm;
  const inside = max(0, 1 - 0.5 / steepness) ** 2;
  const outside = (1 + 0.5 / steepness) ** 2;
  // Beyond its box the squircle's formula comes back below 1.
  const box = squareness > 0 ? 1.2 : Infinity;
  const field = warp?.field.data;
  const amount = warp?.amount ?? 0;
  const coarse = warp?.coarse ?? 0;
  const fieldSize = warp?.field.size ?? 0;
  const [ux, uy, vx, vy] = [cos / a, sin / a, -sin / b, cos / b];
  for (let row = top; row <= bottom; row += 1) {
    const rowY = y0 + row * spacing - y;
    for (let column = left; column <= right; column += 1) {
      const i = row * columns + column;
      let px = x0 + column * spacing - x;
      let py = rowY;
      if (field !== undefined) {
        const at = (row >> coarse) * fieldSize + (column >> coarse);
        px += (field[at] ?? 0) * amount;
        py += (field[secondReading(at, field.length)] ?? 0) * amount;
      }
      const u = px * ux + py * uy;
      const v = px * vx + py * vy;
      const s = u * u;
      const t = v * v;
      const g = s + t - squareness * s * t;
      if (g >= outside || s > box || t > box) continue;
      if (g <= inside && opacity === 1) {
        data[i] = value;
        continue;
      }
      const cover = opacity * min(1, (1 - sqrt(g)) * steepness + 0.5);
      const before = data[i] ?? 0;
      data[i] = before + (value - before) * cover;
    }
  }
}

/** Where a warp's field is read for the y direction, when it is read at `i` for the x direction. */
export const secondReading = (i: number, length: number) =>
  (i + (length >> 1) + 137) & (length - 1);

/** Adds a flat disc with an edge of one pixel: the projection of one step of a tube. */
export function addDisc(plane: Plane, x: number, y: number, r: number, value: number): void {
  const { columns, spacing, x0, y0, data } = plane;
  const left = max(0, Math.ceil((x - r - spacing - x0) / spacing));
  const right = min(columns - 1, floor((x + r + spacing - x0) / spacing));
  const top = max(0, Math.ceil((y - r - spacing - y0) / spacing));
  const bottom = min(plane.rows - 1, floor((y + r + spacing - y0) / spacing));
  const inner = max(0, r - spacing / 2) ** 2;
  const outer = (r + spacing / 2) ** 2;
  for (let row = top; row <= bottom; row += 1) {
    const py = y0 + row * spacing - y;
    for (let column = left; column <= right; column += 1) {
      const px = x0 + column * spacing - x;
      const d = px * px + py * py;
      if (d >= outer) continue;
      const i = row * columns + column;
      data[i] = (data[i] ?? 0) + (d <= inner ? value : value * ((r - sqrt(d)) / spacing + 0.5));
    }
  }
}

/**
 * Where the line x = `at` crosses a section.
 *
 * @returns the two crossings on the y axis, in order, or `undefined` when it misses.
 */
export function chord(section: Section, at: number): readonly [number, number] | undefined {
  const { x, y, a, b, angle = 0, squareness = 0 } = section;
  const px = at - x;
  if (angle === 0) {
    const s = (px / a) ** 2;
    if (s >= 1) return undefined;
    const half = b * sqrt((1 - s) / (1 - squareness * s));
    return [y - half, y + half];
  }
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  // u^2 + v^2 = 1 with u = (px cos + py sin) / a and v = (py cos - px sin) / b, solved for py.
  const qa = (sin / a) ** 2 + (cos / b) ** 2;
  const qb = px * cos * sin * (1 / a ** 2 - 1 / b ** 2);
  const qc = px * px * ((cos / a) ** 2 + (sin / b) ** 2) - 1;
  const root = qb * qb - qa * qc;
  if (root <= 0) return undefined;
  const half = sqrt(root);
  return [y + (-qb - half) / qa, y + (-qb + half) / qa];
}

/** A section with x and y changed over, for lines along the other axis. */
export function transpose(section: Section): Section {
  const { x, y, a, b, angle = 0 } = section;
  return { ...section, x: y, y: x, a: b, b: a, angle: -angle };
}

/** Between 0 and 1: 0 at or below `from`, 1 at or above `to`, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = min(1, max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
