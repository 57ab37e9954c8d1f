import { runTable } from './support/run-table.ts';
import { EXTERNAL_METADATA } from './tables/external-metadata.ts';

runTable(EXTERNAL_METADATA);
