import { runTable } from './support/run-table.ts';
import { SIGNATURES } from './tables/auth-signature.ts';
import { AUTHENTICATION, EVERYWHERE } from './tables/auth.ts';

for (const table of [AUTHENTICATION, EVERYWHERE, SIGNATURES]) runTable(table);
