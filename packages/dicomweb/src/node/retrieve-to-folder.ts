import type { StudyResource } from '../client.ts';
import type {
  RetrieveToFolderOptions,
  RetrieveToFolderResult,
  RetrievingClient,
} from './retrieve-options.ts';
import { RetrieveRun } from './retrieve-run.ts';

/**
 * Retrieves a study, a series or an instance to a folder. What is there already is not fetched again; each file is written under a
 * temporary name, checked by its UIDs, synced and given its final name, so that a file with its final name is whole. Nothing is ever
 * written outside the folder, and no file that is there is written over. Instances that come to the study meanwhile are not among them.
 * @param folder - made when it is not there.
 * @returns when every instance has its outcome, also when the run was stopped (`stoppedBy`).
 * @throws TypeError for a UID, a layout or an option that is none.
 * @throws {RetrieveError} ERR_RETRIEVE_NOT_FOUND when there are no instances; {SearchError} when they cannot be listed.
 * @throws {FolderError} ERR_RETRIEVE_FOLDER when the folder cannot be made.
 * @throws the signal's reason when it is aborted before the instances are listed.
 * @see PS3.18 10.4 Retrieve Transaction
 */
export async function retrieveToFolder(
  client: RetrievingClient,
  uids: StudyResource,
  folder: string,
  options: RetrieveToFolderOptions = {}
): Promise<RetrieveToFolderResult> {
  return new RetrieveRun(client, uids, folder, options).run();
}
