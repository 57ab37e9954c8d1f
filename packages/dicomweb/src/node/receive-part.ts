import type { RetrievedPart } from '../retrieve-stream.ts';
import type { InstanceUIDs } from '../retrieve.ts';
import type { InstanceIdentity } from '../part10.ts';
import { readFileIdentity } from './file-identity.ts';
import { asFolderError } from './folder-error.ts';
import type { IncomingFile, TargetFolder } from './target-folder.ts';

/** Whether a file is this instance. Of a data set that cannot be read the File Meta Information must do. */
export function isInstance(identity: InstanceIdentity, uids: InstanceUIDs): boolean {
  const { studyInstanceUID = uids.studyInstanceUID, seriesInstanceUID = uids.seriesInstanceUID } =
    identity;
  return (
    identity.sopInstanceUID === uids.sopInstanceUID &&
    studyInstanceUID === uids.studyInstanceUID &&
    seriesInstanceUID === uids.seriesInstanceUID
  );
}

/** What is at the place of an instance. */
export async function whatIsThere(
  file: string,
  uids: InstanceUIDs
): Promise<'nothing' | 'it' | 'another'> {
  try {
    const identity = await readFileIdentity(file);
    return identity && isInstance(identity, uids) ? 'it' : 'another';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing' : 'another';
  }
}

/**
 * Writes a part to a temporary file as it comes.
 * @param onBytes - told of each piece.
 * @throws {FolderError} when it cannot be written; what the part throws. Nothing is left then.
 */
export async function receivePart(
  folder: TargetFolder,
  part: RetrievedPart,
  onBytes: (bytes: number) => void
): Promise<IncomingFile & { readonly bytes: number }> {
  const file = await folder.receive();
  let bytes = 0;
  try {
    for await (const piece of part.content) {
      try {
        await file.handle.writeFile(piece);
      } catch (error) {
        throw asFolderError(folder.name, error);
      }
      bytes += piece.length;
      onBytes(piece.length);
    }
    return { ...file, bytes };
  } catch (error) {
    await folder.discard(file);
    throw error;
  }
}

/**
 * Syncs a temporary file, closes it and looks what it is.
 * @throws {FolderError} when it cannot be synced. Nothing is left then.
 */
export async function settlePart(
  folder: TargetFolder,
  file: IncomingFile
): Promise<InstanceIdentity | undefined> {
  try {
    await file.handle.sync();
    await file.handle.close();
    return await readFileIdentity(file.path);
  } catch (error) {
    await folder.discard(file);
    throw asFolderError(folder.name, error);
  }
}
