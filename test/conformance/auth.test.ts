import { runTable } from './support/run-table.ts';
import { AUTHENTICATION, EVERYWHERE } from './tables/auth.ts';

for (const table of [AUTHENTICATION, EVERYWHERE]) runTable(table);
