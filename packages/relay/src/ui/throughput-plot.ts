import type { Bucket } from '../ledger/index.ts';
import { markup, type Markup } from './markup.ts';

const WIDTH = 1000;
const HEIGHT = 180;
const LEFT = 46;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 24;
/** Labels of the time axis, about. */
const LABELS = 6;

/** The next number of 1, 2 or 5 times a power of ten: what an axis may end with. */
export function niceMaximum(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(factor => factor * power).find(nice => nice >= value) ?? value;
}

/** `14:05` in the relay's own time zone. */
export function clockTime(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes()].map(part => String(part).padStart(2, '0')).join(':');
}

/** Instances sent over time as bars, those given up above them; an SVG without anything from outside. */
export function throughputPlot(buckets: readonly Bucket[], bucketMs: number): Markup {
  const highest = Math.max(0, ...buckets.map(({ instances, dead }) => instances + dead));
  const maximum = niceMaximum(highest);
  const slot = (WIDTH - LEFT - RIGHT) / Math.max(1, buckets.length);
  const scale = (HEIGHT - TOP - BOTTOM) / maximum;
  const ground = HEIGHT - BOTTOM;
  const number = (value: number): string => value.toFixed(1);
  const bars = buckets.map(({ instances, dead, at }, index) => {
    const x = number(LEFT + index * slot + slot * 0.1);
    const width = number(slot * 0.8);
    const [sentHeight, deadHeight] = [instances * scale, dead * scale];
    const title = `${clockTime(at)}: ${instances} sent${dead > 0 ? `, ${dead} given up` : ''}`;
    return markup`<g>
      <title>${title}</title>
      ${
        instances > 0
          ? markup`<rect
              class="bar"
              x="${x}"
              width="${width}"
              y="${number(ground - sentHeight)}"
              height="${number(sentHeight)}"
            />`
          : undefined
      }
      ${
        dead > 0
          ? markup`<rect
              class="bad-bar"
              x="${x}"
              width="${width}"
              y="${number(ground - sentHeight - deadHeight)}"
              height="${number(deadHeight)}"
            />`
          : undefined
      }
    </g>`;
  });
  const lines = [0, maximum / 2, maximum].filter(Number.isInteger).map(value => {
    const y = number(ground - value * scale);
    return markup`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" />
      <text x="${LEFT - 6}" y="${number(ground - value * scale + 4)}" text-anchor="end"
        >${value}</text
      >`;
  });
  const step = Math.max(1, Math.round(buckets.length / LABELS));
  const times = buckets
    .filter((_, index) => index % step === 0)
    .map(
      ({ at }, index) =>
        markup`<text x="${number(LEFT + index * step * slot)}" y="${HEIGHT - 6}"
          >${clockTime(at)}</text
        >`
    );
  const total = buckets.reduce((sum, { instances }) => sum + instances, 0);
  const minutes = Math.round((bucketMs * buckets.length) / 60_000);
  const label = `${total} instances sent in the last ${minutes} minutes; at most ${highest} in ${Math.round(bucketMs / 60_000)} minutes`;
  return markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    ${lines}${bars}${times}
  </svg>`;
}
