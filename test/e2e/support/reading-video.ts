import type { Page } from 'playwright-core';
import { cellsOf, type Picture } from './reading-picture.ts';

const [WIDTH, HEIGHT] = [320, 240];
const RECORD_MS = 800;
/** Red, green, blue, white: from left to right, from top to bottom. */
const QUARTERS: readonly (readonly [number, number, number])[] = [
  [220, 20, 20],
  [20, 200, 20],
  [20, 20, 220],
  [240, 240, 240],
];

/** A video of a second in four colours, H.264 in MP4, as Chromium records it. */
export async function recordVideo(page: Page): Promise<Uint8Array> {
  const bytes = await page.evaluate(
    async ({ width, height, quarters, milliseconds }) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext('2d');
      const paint = () => {
        quarters.forEach((colour, at) => {
          if (!context) return;
          context.fillStyle = `rgb(${colour.join()})`;
          const [x, y] = [(at % 2) * (width / 2), Math.floor(at / 2) * (height / 2)];
          context.fillRect(x, y, width / 2, height / 2);
        });
      };
      const timer = setInterval(paint, 20);
      paint();
      const recorder = new MediaRecorder(canvas.captureStream(25), {
        mimeType: 'video/mp4;codecs=avc1.42E01E',
        videoBitsPerSecond: 2_000_000,
      });
      const chunks: Blob[] = [];
      recorder.ondataavailable = ({ data }) => chunks.push(data);
      const stopped = new Promise(resolve => (recorder.onstop = resolve));
      recorder.start();
      setTimeout(() => recorder.stop(), milliseconds);
      await stopped;
      clearInterval(timer);
      return [...new Uint8Array(await new Blob(chunks).arrayBuffer())];
    },
    { width: WIDTH, height: HEIGHT, quarters: QUARTERS, milliseconds: RECORD_MS }
  );
  return Uint8Array.from(bytes);
}

/** What every frame of it looks like. */
export function videoPicture(): Picture {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const quarter = QUARTERS[(y < HEIGHT / 2 ? 0 : 2) + (x < WIDTH / 2 ? 0 : 1)];
      data.set(quarter ?? [], (y * WIDTH + x) * 3);
    }
  }
  const size = { width: WIDTH, height: HEIGHT };
  return { ...size, cells: cellsOf({ ...size, data, channels: 3 }) };
}
