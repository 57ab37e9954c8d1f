import { runTable } from './support/run-table.ts';
import { SEARCH } from './tables/search.ts';

runTable(SEARCH);
