import { partOf, progressText } from './progress-bar.ts';
import { Rate } from './rate.ts';

const HALF = { doneItems: 50, totalItems: 100, isTotalKnown: true, movedBytes: 5_000_000 };

it('tells count, rate and time left', () => {
  const text = progressText(HALF, {
    item: 'file',
    bytesPerSecond: 1_500_000,
    partPerSecond: 0.1,
    now: 0,
  });
  expect(text).toBe('50/100 files · 1.5 MB/s · 5 s left');
});

it('tells no time left while it is not known how much there is', () => {
  const text = progressText(
    { ...HALF, isTotalKnown: false },
    { item: 'file', bytesPerSecond: 10, partPerSecond: 0.1, now: 0 }
  );
  expect(text).toBe('50/100+ files · 10 B/s');
});

it('tells what it waits for, and until when', () => {
  const waiting = { untilMs: 12_000, why: 'throttled' } as const;
  expect(progressText({ ...HALF, waiting }, { item: 'file', now: 0 })).toBe(
    '50/100 files · the service is overloaded, next try in 12 s'
  );
});

it('measures the part by bytes where they are known', () => {
  expect(partOf({ ...HALF, doneBytes: 90, totalBytes: 100 })).toBe(0.9);
  expect(partOf(HALF)).toBe(0.5);
  expect(partOf({ ...HALF, totalItems: 0, doneItems: 0 })).toBe(0);
});

it('measures over the last seconds only', () => {
  const rate = new Rate();
  expect(rate.perSecond()).toBeUndefined();
  for (let second = 0; second <= 60; second += 1)
    rate.add(second < 30 ? 0 : (second - 30) * 100, second * 1000);
  expect(rate.perSecond()).toBeCloseTo(100, 0);
});
