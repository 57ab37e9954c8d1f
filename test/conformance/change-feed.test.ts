import { runTable } from './support/run-table.ts';
import { CHANGE_FEED } from './tables/change-feed.ts';

runTable(CHANGE_FEED);
