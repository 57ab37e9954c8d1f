import { runTable } from './support/run-table.ts';
import { RETRIEVE } from './tables/retrieve.ts';
import { RETRIEVE_ACCEPT, RETRIEVE_ACCEPT_HOSTED } from './tables/retrieve-accept.ts';
import { RETRIEVE_PICTURES, RETRIEVE_TRANSCODED } from './tables/retrieve-pictures.ts';
import { RETRIEVE_METADATA, RETRIEVE_RENDERED } from './tables/retrieve-metadata.ts';

for (const table of [
  RETRIEVE,
  RETRIEVE_ACCEPT,
  RETRIEVE_ACCEPT_HOSTED,
  RETRIEVE_METADATA,
  RETRIEVE_RENDERED,
  RETRIEVE_PICTURES,
  RETRIEVE_TRANSCODED,
]) {
  runTable(table);
}
