import { decode } from 'fast-png';

/** How many different grey values a picture has; an empty viewport has a handful. */
export function distinctGreys(png: Uint8Array): number {
  const { data, channels } = decode(png);
  const greys = new Set<number>();
  for (let at = 0; at + 2 < data.length; at += channels) {
    const [red, green, blue] = [data[at], data[at + 1], data[at + 2]];
    if (red !== undefined && red === green && green === blue) greys.add(red);
  }
  return greys.size;
}
