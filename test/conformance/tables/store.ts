import type { Table } from '../support/row.ts';
import { STORE_ANSWERS } from './store-answers.ts';
import { STORE_REQUESTS } from './store-requests.ts';
import { STORE_VALIDATION } from './store-validation.ts';

/** Section 1 of the reference, in the open-source profile. */
export const STORE: Table = {
  name: 'Store',
  options: { profile: 'open-source' },
  rows: [...STORE_ANSWERS, ...STORE_REQUESTS, ...STORE_VALIDATION],
};
