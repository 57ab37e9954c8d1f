/** The scan on the screen: a sector that opens downwards from the transducer. Pixels and mm. */
export const SCAN = {
  columns: 640,
  rows: 480,
  /** The sector's tip. */
  apexColumn: 320,
  apexRow: 28,
  mmPerPixel: 0.4,
  /** Deepest point in mm. */
  depth: 160,
  /** Half of the opening angle in radians. */
  halfAngle: 0.66,
  /** The box around the sector, in pixels, both ends included. */
  left: 72,
  top: 28,
  right: 568,
  bottom: 430,
} as const;

export const FRAMES = 24;
/** Beats per minute. */
export const HEART_RATE = 75;
/** Time from frame to frame in milliseconds: all frames together are one beat. */
export const FRAME_MS = 60000 / HEART_RATE / FRAMES;
