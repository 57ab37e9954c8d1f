import { tubeThrough } from './thorax-shape.ts';
import type { Tube } from './thorax-shape.ts';

/** Great vessels of heart and lungs with contrast medium, windpipe and gullet. */
export function greatVessels(): Tube[] {
  const blood = (value: number, points: Parameters<typeof tubeThrough>[0]): Tube => ({
    value,
    excess: 0.1,
    balls: tubeThrough(points),
  });
  const airway: Parameters<typeof tubeThrough>[0][] = [
    [
      [1, 22, 126, 9],
      [0, 20, 80, 9],
      [0, 22, 40, 9],
      [0, 24, 26, 9],
    ],
    [
      [0, 24, 30, 8],
      [-14, 24, 16, 7.2],
      [-34, 22, 2, 6.2],
      [-44, 26, -14, 4.6],
    ],
    [
      [0, 24, 30, 8],
      [18, 26, 16, 6.6],
      [38, 26, 4, 5.6],
      [48, 32, -12, 4.4],
    ],
  ];
  return [
    // Aorta, up, over and down.
    blood(212, [
      [12, -18, -18, 14],
      [2, -26, 12, 15],
      [-2, -22, 38, 14.5],
      [8, -6, 60, 14],
      [22, 18, 64, 13.5],
      [28, 40, 48, 13],
      [28, 46, 10, 12],
      [24, 48, -50, 11.5],
      [12, 44, -130, 11],
    ]),
    blood(205, [
      [0, -14, 62, 6],
      [-14, -10, 92, 5.4],
      [-26, -6, 126, 4.6],
    ]),
    blood(205, [
      [12, 2, 64, 5],
      [20, 4, 92, 4.4],
      [24, 6, 126, 4],
    ]),
    blood(205, [
      [24, 16, 64, 5],
      [34, 22, 92, 4.6],
      [44, 20, 126, 4.4],
    ]),
    // Upper hollow vein, trunk and branches of the lung arteries.
    blood(236, [
      [-24, -22, 66, 8],
      [-27, -18, 30, 9.5],
      [-27, -18, -10, 11],
    ]),
    blood(230, [
      [34, -18, 92, 5.5],
      [8, -34, 76, 6],
      [-24, -22, 62, 7],
    ]),
    blood(228, [
      [18, -50, -14, 13],
      [24, -36, 10, 13],
      [30, -12, 24, 12.5],
    ]),
    blood(224, [
      [28, -14, 22, 11],
      [2, 0, 18, 10.5],
      [-34, 4, 10, 9],
      [-48, 12, -6, 7],
    ]),
    blood(224, [
      [28, -12, 24, 11.5],
      [44, 8, 24, 9.5],
      [54, 24, 4, 7],
    ]),
    {
      value: 40,
      balls: tubeThrough([
        [2, 38, 126, 6.5],
        [4, 40, 40, 7],
        [8, 34, -60, 7],
        [22, 18, -130, 8],
      ]),
    },
    {
      value: -600,
      balls: tubeThrough([
        [2, 38, 126, 1.8],
        [4, 40, 40, 1.5],
      ]),
    },
    ...airway.map(points => ({
      value: 20,
      balls: tubeThrough(points).map(ball => ({ ...ball, r: ball.r + 1.6 })),
    })),
    ...airway.map(points => ({ value: -985, excess: -0.85, balls: tubeThrough(points) })),
  ];
}
