import { max, min, sqrt } from './maths.ts';
import { smoothstep } from './phantom.ts';

/** An oval in the scan plane, mm from the sector's tip: x to the right, y deeper. */
export interface Oval {
  readonly x: number;
  readonly y: number;
  readonly a: number;
  readonly b: number;
  readonly cos: number;
  readonly sin: number;
  /** Square of the distance from the middle beyond which it has no effect. */
  readonly reach: number;
}

/** A valve leaflet, from its hinge to its tip. */
export interface Leaflet {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
}

/** 0 when the heart is widest, 1 when it is narrowest; `phase` is the part of the beat gone by. */
export const contraction = (phase: number) =>
  smoothstep(0.04, 0.36, phase) * (1 - smoothstep(0.44, 0.7, phase));

/** How far the valves to the ventricles stand open: widely, then half, then widely again. */
export const opening = (phase: number) =>
  smoothstep(0.5, 0.58, phase) * (1 - 0.55 * smoothstep(0.62, 0.72, phase)) +
  0.5 * smoothstep(0.82, 0.88, phase) * (1 - smoothstep(0.95, 1, phase)) -
  0.45 * smoothstep(0.92, 1, phase);

/** An oval turned by `angle` radians. */
export const oval = (x: number, y: number, a: number, b: number, angle = 0): Oval => ({
  x,
  y,
  a,
  b,
  cos: Math.cos(angle),
  sin: Math.sin(angle),
  reach: (max(a, b) * 1.12) ** 2,
});

/** What holds blood, at a contraction `s`. */
export function chambers(s: number): Oval[] {
  const pull = 11 * s;
  return [
    // Left ventricle (on the right of the image), right ventricle, left and right atrium.
    oval(13 + s, 71 - 3 * s, 20.5 - 7.5 * s, 39 - 7 * s, 0.1),
    oval(-28 + 2 * s, 78 - 3 * s, 14.5 - 4.5 * s, 32 - 6 * s, -0.13),
    oval(21, 128 - pull / 2, 21 + 3 * s, 18 + pull / 2),
    oval(-29, 127 - pull / 2, 20 + 2 * s, 16 + pull / 2),
    // The orifices the valves close.
    oval(17, 107 - pull, 14, 11),
    oval(-26.5, 107 - pull, 12, 10),
  ];
}

/** The two valves between atria and ventricles, `open` from 0 to 1. */
export function leaflets(s: number, open: number): Leaflet[] {
  const ring = 108 - 11 * s;
  const valve = (left: number, right: number): Leaflet[] => {
    const middle = (left + right) / 2;
    const half = (right - left) / 2;
    // Closed, the tips meet in the middle; open, they hang into the ventricle.
    const tip = half * (0.03 + 0.72 * open);
    const lift = 4 + 13 * open;
    return [
      { x: left, y: ring, toX: middle - tip, toY: ring - lift },
      { x: right, y: ring, toX: middle + tip, toY: ring - lift },
    ];
  };
  return [...valve(2, 33), ...valve(-40, -13)];
}

/** Below 1 inside, 1 on the edge, above it outside. */
export function radius({ x, y, a, b, cos, sin }: Oval, px: number, py: number): number {
  const u = ((px - x) * cos + (py - y) * sin) / a;
  const v = ((py - y) * cos - (px - x) * sin) / b;
  return sqrt(u * u + v * v);
}

/** Distance from a leaflet in mm. */
export function distanceTo({ x, y, toX, toY }: Leaflet, px: number, py: number): number {
  const dx = toX - x;
  const dy = toY - y;
  const t = min(1, max(0, ((px - x) * dx + (py - y) * dy) / (dx * dx + dy * dy)));
  // A little belly, as a sail has.
  const belly = 2.4 * t * (1 - t);
  const u = px - x - t * dx;
  const v = py - y - t * dy + belly;
  return sqrt(u * u + v * v);
}
