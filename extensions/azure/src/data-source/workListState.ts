import type { TextFilter } from '@ohif-azure/dicomweb';
import { observable, type Settable } from '../observable.ts';

/** What the work list does not show. */
export interface SearchNotice {
  /**
   * - `newest`: nothing was asked for, and the archive has more studies than are read;
   * - `more`: more studies match than are read;
   * - `part`: what was asked for was matched on the studies that were read, and the archive has more;
   * - `standard`: another archive than Azure gave as many as it was asked for.
   */
  kind: 'newest' | 'more' | 'part' | 'standard';
  /** Studies that were read. */
  count: number;
  /** What was matched on them. */
  fields?: readonly TextFilter[];
}

/** What our elements on the work list show. */
export interface WorkListState {
  /** The data source that is listed; undefined where the page shows no work list of ours. */
  sourceName?: string;
  notice?: SearchNotice;
}

export const workListState: Settable<WorkListState> = observable<WorkListState>({});
