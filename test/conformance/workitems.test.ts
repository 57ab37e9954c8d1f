import { runTable } from './support/run-table.ts';
import { WORK_ITEMS } from './tables/workitems.ts';

runTable(WORK_ITEMS);
