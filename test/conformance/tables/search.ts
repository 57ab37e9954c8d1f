import type { Table } from '../support/row.ts';
import { SEARCH_MATCHING } from './search-matching.ts';
import { SEARCH_REFUSED } from './search-refused.ts';
import { SEARCH_RETURNED } from './search-returned.ts';

/** Section 2 of the reference. */
export const SEARCH: Table = {
  name: 'Search',
  rows: [...SEARCH_MATCHING, ...SEARCH_RETURNED, ...SEARCH_REFUSED],
};
