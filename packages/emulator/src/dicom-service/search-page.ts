import type { StoredInstance } from '../storage/stored-instance.ts';

/** Instances, oldest first. */
export type Run = readonly StoredInstance[];

/** Where the merge is in a run: `head` is the newest one which was not taken yet. */
interface Cursor {
  run: Run;
  at: number;
  head: StoredInstance;
}

/**
 * One page of what several runs hold together, newest first. They are merged as far as the page
 * reaches: of 100,000 instances a page has no more than 200, and most are never looked at.
 *
 * @param runs - in an order which is the same for each page: it decides between equal watermarks.
 * @param page - how many newer instances come before the page, and how many it has at most.
 * @param passes - whether an instance is to be taken at all.
 */
export function newestFirst(
  runs: readonly Run[],
  { offset, limit }: { offset: number; limit: number },
  passes: (instance: StoredInstance) => boolean
): StoredInstance[] {
  const heap: Cursor[] = [];
  for (const run of runs) {
    const cursor = cursorBelow(run, run.length, passes);
    if (cursor) heap.push(cursor);
  }
  for (let at = heap.length >> 1; at >= 0; at -= 1) siftDown(heap, at);
  const page: StoredInstance[] = [];
  for (let taken = 0; page.length < limit; taken += 1) {
    const [top] = heap;
    if (!top) break;
    if (taken >= offset) page.push(top.head);
    const next = cursorBelow(top.run, top.at, passes);
    const last = next ?? heap.pop();
    if (last && heap.length > 0) heap[0] = last;
    siftDown(heap, 0);
  }
  return page;
}

function cursorBelow(
  run: Run,
  below: number,
  passes: (instance: StoredInstance) => boolean
): Cursor | undefined {
  for (let at = below - 1; at >= 0; at -= 1) {
    const head = run[at];
    if (head && passes(head)) return { run, at, head };
  }
  return undefined;
}

/** Restores the order of a binary heap whose cursor at `at` may be older than those below it. */
function siftDown(heap: Cursor[], at: number): void {
  const moved = heap[at];
  if (!moved) return;
  for (;;) {
    const left = 2 * at + 1;
    const first = heap[left];
    if (!first) break;
    const second = heap[left + 1];
    const child = second && second.head.watermark > first.head.watermark ? second : first;
    if (child.head.watermark <= moved.head.watermark) break;
    heap[at] = child;
    at = child === first ? left : left + 1;
  }
  heap[at] = moved;
}
