import type { Table } from '../support/row.ts';
import { AUTHENTICATION, EVERYWHERE } from './auth.ts';
import { SIGNATURES } from './auth-signature.ts';
import { BULK_UPDATE } from './bulk-update.ts';
import { CHANGE_FEED } from './change-feed.ts';
import { DELETE } from './delete.ts';
import { EXTENDED_QUERY_TAGS } from './extended-query-tags.ts';
import { EXTERNAL_METADATA } from './external-metadata.ts';
import { RUNNING_OPERATION } from './operations.ts';
import { NO_PARTITIONS, PARTITIONS } from './partitions.ts';
import { PRIVATE_TAGS } from './private-tags.ts';
import { RETRIEVE_ACCEPT, RETRIEVE_ACCEPT_HOSTED } from './retrieve-accept.ts';
import { RETRIEVE_METADATA, RETRIEVE_RENDERED } from './retrieve-metadata.ts';
import { RETRIEVE_PICTURES, RETRIEVE_TRANSCODED } from './retrieve-pictures.ts';
import { RETRIEVE } from './retrieve.ts';
import { SEARCH } from './search.ts';
import { STORE_HOSTED, STORE_OPEN_SOURCE } from './store-profiles.ts';
import { STORE } from './store.ts';
import { WORK_ITEMS } from './workitems.ts';

/** All tables, in the order of the documentation. */
export const TABLES: readonly Table[] = [
  EVERYWHERE,
  STORE,
  STORE_HOSTED,
  STORE_OPEN_SOURCE,
  SEARCH,
  RETRIEVE,
  RETRIEVE_ACCEPT,
  RETRIEVE_ACCEPT_HOSTED,
  RETRIEVE_METADATA,
  RETRIEVE_RENDERED,
  RETRIEVE_PICTURES,
  RETRIEVE_TRANSCODED,
  DELETE,
  CHANGE_FEED,
  EXTENDED_QUERY_TAGS,
  PRIVATE_TAGS,
  RUNNING_OPERATION,
  PARTITIONS,
  NO_PARTITIONS,
  BULK_UPDATE,
  EXTERNAL_METADATA,
  WORK_ITEMS,
  AUTHENTICATION,
  SIGNATURES,
];
