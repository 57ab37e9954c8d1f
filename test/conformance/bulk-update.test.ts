import { runTable } from './support/run-table.ts';
import { BULK_UPDATE } from './tables/bulk-update.ts';

runTable(BULK_UPDATE);
