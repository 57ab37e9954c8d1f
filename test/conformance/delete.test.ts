import { runTable } from './support/run-table.ts';
import { DELETE } from './tables/delete.ts';

runTable(DELETE);
