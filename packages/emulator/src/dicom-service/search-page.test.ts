import type { StoredInstance } from '../storage/stored-instance.ts';
import { newestFirst } from './search-page.ts';
import type { Run } from './search-page.ts';

const all = () => true;
const run = (...watermarks: number[]): Run =>
  watermarks.map((watermark, at) => ({ watermark, size: at }) as StoredInstance);
const watermarks = (page: readonly StoredInstance[]) => page.map(({ watermark }) => watermark);

it('merges runs, newest first', () => {
  const runs = [run(1, 5, 9), run(), run(2, 3), run(7)];
  expect(watermarks(newestFirst(runs, { offset: 0, limit: 10 }, all))).toEqual([9, 7, 5, 3, 2, 1]);
  expect(watermarks(newestFirst(runs, { offset: 2, limit: 2 }, all))).toEqual([5, 3]);
  expect(newestFirst(runs, { offset: 6, limit: 2 }, all)).toEqual([]);
  expect(newestFirst([], { offset: 0, limit: 2 }, all)).toEqual([]);
});

it('leaves out what does not pass, before it counts', () => {
  const runs = [run(1, 4, 6), run(2, 3, 8)];
  const even = ({ watermark }: StoredInstance) => watermark % 2 === 0;
  expect(watermarks(newestFirst(runs, { offset: 1, limit: 2 }, even))).toEqual([6, 4]);
});

it('looks at no more than the page needs', () => {
  const runs = Array.from({ length: 10 }, (_, at) =>
    run(...Array.from({ length: 1000 }, (__, index) => at * 1000 + index))
  );
  let looked = 0;
  const page = newestFirst(runs, { offset: 50, limit: 50 }, () => (looked += 1) > 0);
  expect(watermarks(page)).toEqual(Array.from({ length: 50 }, (_, at) => 9949 - at));
  expect(looked).toBeLessThanOrEqual(110);
});

it('pages neither repeat nor miss a result, also of equal watermarks', () => {
  const runs = [run(1, 1, 2, 3), run(1, 3, 3), run(2, 3), run(3)];
  const pages = Array.from({ length: 6 }, (_, at) =>
    newestFirst(runs, { offset: 2 * at, limit: 2 }, all)
  );
  expect(new Set(pages.flat()).size).toBe(10);
  expect(watermarks(pages.flat())).toEqual([3, 3, 3, 3, 3, 2, 2, 1, 1, 1]);
});
