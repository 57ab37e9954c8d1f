import { addDisc, chord, createPlane, paint, smoothstep, transpose } from './phantom.ts';
import type { Section } from './phantom.ts';
import { hillTile } from './random.ts';

const SECTIONS: readonly (readonly [string, Section])[] = [
  ['an ellipse', { x: 3, y: -4, a: 30, b: 18 }],
  ['a turned ellipse', { x: -5, y: 6, a: 34, b: 12, angle: 0.7 }],
  ['a squarish one', { x: 1, y: 2, a: 28, b: 21, squareness: 0.5 }],
];

/** Height of what was painted in the column at `x`, in mm. */
function heightAt(section: Section, x: number): number {
  const plane = createPlane(401, 401, 0.25);
  paint(plane, section, 1);
  const column = Math.round((x - plane.x0) / plane.spacing);
  let sum = 0;
  for (let row = 0; row < plane.rows; row += 1)
    sum += plane.data[row * plane.columns + column] ?? 0;
  return sum * plane.spacing;
}

describe('paint and chord', () => {
  it.each(SECTIONS)('agree on the height of %s', (_name, section) => {
    for (const x of [-10, 0, 5, 12]) {
      const line = chord(section, x);
      expect(line).toBeDefined();
      expect(heightAt(section, x)).toBeCloseTo(line![1] - line![0], 0);
    }
  });

  it.each(SECTIONS)('miss %s where it is not', (_name, section) => {
    expect(chord(section, 60)).toBeUndefined();
    expect(heightAt(section, 49)).toBe(0);
  });

  it('transpose changes the axes over, turned or not', () => {
    for (const [, section] of SECTIONS) {
      const turned = transpose(section);
      const plane = createPlane(201, 201, 0.5);
      const mirrored = createPlane(201, 201, 0.5);
      paint(plane, section, 1);
      paint(mirrored, turned, 1);
      for (const [row, column] of [
        [100, 100],
        [80, 120],
        [60, 100],
        [130, 90],
      ] as const) {
        expect(mirrored.data[column * 201 + row]).toBeCloseTo(plane.data[row * 201 + column]!, 5);
      }
    }
  });

  it('stays within the plane when the section does not', () => {
    const plane = createPlane(16, 16, 1);
    const field = hillTile(1, 16, 4);
    paint(plane, { x: 0, y: 0, a: 100, b: 100 }, 5, 1, { field, coarse: 0, amount: 3 });
    expect(Array.from(plane.data)).toEqual(new Array(256).fill(5));
  });

  it('paints at half strength with half the opacity', () => {
    const plane = createPlane(9, 9, 1, 100);
    paint(plane, { x: 0, y: 0, a: 3, b: 3 }, 200, 1, undefined, 0.5);
    expect(plane.data[4 * 9 + 4]).toBe(150);
  });
});

describe('addDisc', () => {
  it('adds its area times its value', () => {
    const plane = createPlane(101, 101, 0.2);
    addDisc(plane, 0.3, -0.4, 5, 2);
    const sum = plane.data.reduce((total, value) => total + value, 0);
    expect((sum * 0.2 * 0.2) / (2 * Math.PI * 25)).toBeCloseTo(1, 2);
  });
});

describe('smoothstep', () => {
  it.each([
    [0, 10, -5, 0],
    [0, 10, 5, 0.5],
    [0, 10, 15, 1],
    [10, 0, 15, 0],
    [10, 0, -5, 1],
  ])('from %d to %d at %d is %d', (from, to, at, expected) => {
    expect(smoothstep(from, to, at)).toBe(expected);
  });
});
