import { runTable } from './support/run-table.ts';
import { EXTENDED_QUERY_TAGS } from './tables/extended-query-tags.ts';
import { RUNNING_OPERATION } from './tables/operations.ts';
import { PRIVATE_TAGS } from './tables/private-tags.ts';

for (const table of [EXTENDED_QUERY_TAGS, PRIVATE_TAGS, RUNNING_OPERATION]) runTable(table);
