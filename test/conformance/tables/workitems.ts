import type { Table } from '../support/row.ts';
import { WORK_ITEM_LIFE } from './work-item-life.ts';
import { WORK_ITEM_SEARCH } from './work-item-search.ts';
import { WORK_ITEM_STATES } from './work-item-states.ts';

/** Section 4 of the reference, UPS-RS. */
export const WORK_ITEMS: Table = {
  name: 'Work items (UPS-RS)',
  rows: [...WORK_ITEM_LIFE, ...WORK_ITEM_STATES, ...WORK_ITEM_SEARCH],
};
