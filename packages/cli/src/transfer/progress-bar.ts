import { Presets, SingleBar } from 'cli-progress';
import { bytes, count, duration } from '../terminal/plural.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { Rate } from './rate.ts';

/** How far a transfer is. */
export interface TransferProgress {
  readonly doneItems: number;
  readonly totalItems: number;
  readonly isTotalKnown: boolean;
  /** Bytes moved in this run: of them the rate is made. */
  readonly movedBytes: number;
  /** Of the whole, as far as it is known: of them the time left is made. Undefined: of the items. */
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  readonly waiting?: { readonly untilMs: number; readonly why: 'throttled' | 'unreachable' };
}

const WHY = {
  throttled: 'the service is overloaded',
  unreachable: 'the service cannot be reached',
} as const;

/** What stands behind the bar: count, rate, time left. */
export function progressText(
  progress: TransferProgress,
  {
    item,
    bytesPerSecond,
    partPerSecond,
    now,
  }: { item: string; bytesPerSecond?: number; partPerSecond?: number; now: number }
): string {
  const { doneItems, totalItems, isTotalKnown, waiting } = progress;
  const total = `${totalItems.toLocaleString('en')}${isTotalKnown ? '' : '+'}`;
  const texts = [`${doneItems.toLocaleString('en')}/${total} ${item}s`];
  if (waiting)
    return [...texts, `${WHY[waiting.why]}, next try in ${duration(waiting.untilMs - now)}`].join(
      ' · '
    );
  if (bytesPerSecond !== undefined) texts.push(`${bytes(Math.max(0, bytesPerSecond))}/s`);
  if (isTotalKnown && partPerSecond && partPerSecond > 0) {
    texts.push(`${duration(((1 - partOf(progress)) / partPerSecond) * 1000)} left`);
  }
  return texts.join(' · ');
}

/** How much of the whole is done, 0 to 1. */
export function partOf({ doneItems, totalItems, doneBytes, totalBytes }: TransferProgress): number {
  if (doneBytes !== undefined && totalBytes) return Math.min(1, doneBytes / totalBytes);
  return totalItems === 0 ? 0 : Math.min(1, doneItems / totalItems);
}

/** A bar on stderr, where that is a terminal; else nothing is drawn. */
export interface ProgressBar {
  update(progress: TransferProgress): void;
  /** Takes the bar away. */
  stop(): void;
}

const STEPS = 1000;

/** Draws a bar with count, rate and time left. @param item - `file`, `instance`. */
export function progressBar(
  item: string,
  terminal: Terminal,
  now: () => number = Date.now
): ProgressBar {
  if (!terminal.drawsOnStderr) return { update: () => undefined, stop: () => undefined };
  const { noteColors } = terminal;
  const bar = new SingleBar(
    {
      format: `${noteColors.cyan('{bar}')} {percentage}% ${noteColors.dim('·')} {text}`,
      barsize: 24,
      fps: 8,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      linewrap: false,
      gracefulExit: false,
    },
    Presets.shades_classic
  );
  bar.start(STEPS, 0, { text: `looking for ${count(2, item).replace(/^2 /, '')}` });
  const [moved, part] = [new Rate(), new Rate()];
  return {
    update(progress) {
      const at = now();
      moved.add(progress.movedBytes, at);
      part.add(partOf(progress), at);
      const text = progressText(progress, {
        item,
        bytesPerSecond: moved.perSecond(),
        partPerSecond: part.perSecond(),
        now: at,
      });
      bar.update(Math.floor(partOf(progress) * STEPS), { text });
    },
    stop: () => bar.stop(),
  };
}
