import { runTable } from './support/run-table.ts';
import { NO_PARTITIONS, PARTITIONS } from './tables/partitions.ts';

for (const table of [PARTITIONS, NO_PARTITIONS]) runTable(table);
