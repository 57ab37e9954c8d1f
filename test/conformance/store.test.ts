import { runTable } from './support/run-table.ts';
import { STORE } from './tables/store.ts';
import { STORE_HOSTED, STORE_OPEN_SOURCE } from './tables/store-profiles.ts';

for (const table of [STORE, STORE_OPEN_SOURCE, STORE_HOSTED]) runTable(table);
