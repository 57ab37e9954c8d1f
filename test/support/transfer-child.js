/**
 * A process that stores or retrieves, to be killed: prints one JSON line for each outcome, and `done` at its end.
 * Arguments: `store <serviceUrl> <folder> <journal>` or `retrieve <serviceUrl> <studyInstanceUID> <folder>`.
 */
import { writeSync } from 'node:fs';
import {
  createNodeClient,
  openStoreJournal,
  retrieveToFolder,
  storeFiles,
} from '@ohif-azure/dicomweb/node';

const [what, serviceUrl, first, second] = process.argv.slice(2);
const client = createNodeClient({ serviceUrl, dialect: 'azure' });
// Written at once: what was printed before a kill is not lost.
const onOutcome = outcome => writeSync(1, `${JSON.stringify(outcome)}\n`);

if (what === 'store') {
  const journal = await openStoreJournal(second, { serviceUrl: client.serviceUrl, paths: [first] });
  await storeFiles(client, journal.paths, { journal, onOutcome, maxRequestInstances: 20 });
  await journal.close();
} else {
  await retrieveToFolder(client, { studyInstanceUID: first }, second, { onOutcome });
}
writeSync(1, 'done\n');
client.close();
