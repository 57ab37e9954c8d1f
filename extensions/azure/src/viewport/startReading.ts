import { BulkObjects, type CornerstoneMetadata } from '../data-source/BulkObjects.ts';
import type { Services } from '../ohif.ts';
import { ReadingProblems } from './ReadingProblems.ts';
import type { PageServices, ViewportsOfPage } from './page.ts';
import { watchViewports } from './watchViewports.ts';

/** What lets every kind of object be read, and says in its viewport why one cannot. */
export interface Reading {
  readonly problems: ReadingProblems;
  readonly bulkObjects: BulkObjects;
  /** A study is opened. */
  enter(services: Services): void;
  /** It is left. */
  leave(): void;
}

/** @returns undefined in a viewer that does not put its Cornerstone on the page */
export function startReading(): Reading | undefined {
  const { cornerstone } = globalThis as { cornerstone?: CornerstoneMetadata & ViewportsOfPage };
  if (!cornerstone?.metaData?.addProvider || !cornerstone.eventTarget) return undefined;
  const problems = new ReadingProblems();
  const bulkObjects = new BulkObjects(cornerstone, problems);
  let stop: (() => void) | undefined;
  return {
    problems,
    bulkObjects,
    enter(services) {
      stop?.();
      stop = watchViewports(cornerstone, services as unknown as PageServices, problems);
    },
    leave() {
      stop?.();
      stop = undefined;
      problems.clear();
      bulkObjects.clear();
    },
  };
}
