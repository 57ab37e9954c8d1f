import {
  encapsulatedPixelData,
  numberOf,
  readIdentity,
  retrieveInstances,
  stringOf,
  type DicomJson,
  type DicomwebClient,
  type InstanceUIDs,
} from '@ohif-azure/dicomweb';
import { ContentMissingError } from '../viewport/explainProblem.ts';

/** Available Transfer Syntax UID: by it the viewer knows a video. */
export const AVAILABLE_TRANSFER_SYNTAX = '00083002';

/** SOP Classes that can be video. @see PS3.4 B.5 */
const VIDEO_CLASSES = new Set([
  '1.2.840.10008.5.1.4.1.1.77.1.1.1',
  '1.2.840.10008.5.1.4.1.1.77.1.2.1',
  '1.2.840.10008.5.1.4.1.1.77.1.4.1',
]);
const MULTIFRAME_TRUE_COLOR = '1.2.840.10008.5.1.4.1.1.7.4';
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
/** From so many frames on the viewer takes a secondary capture for a video (OHIF 3.13). */
const TAKEN_FOR_VIDEO = 90;

/** Whether an instance may be a video. The service does not tell the Transfer Syntax in its metadata. */
export function mayBeVideo(instance: DicomJson): boolean {
  const sopClassUID = stringOf(instance, '00080016') ?? '';
  const frames = numberOf(instance, 'NumberOfFrames') ?? 1;
  return (
    VIDEO_CLASSES.has(sopClassUID) ||
    (sopClassUID === MULTIFRAME_TRUE_COLOR && frames > 1) ||
    (sopClassUID === SECONDARY_CAPTURE && frames >= TAKEN_FOR_VIDEO)
  );
}

/** The Transfer Syntax of an instance, from the beginning of the answer; the rest of it is not read. */
export async function transferSyntaxOf(
  client: DicomwebClient,
  uids: InstanceUIDs
): Promise<string | undefined> {
  for await (const { transferSyntaxUID, content } of retrieveInstances(client, uids)) {
    if (transferSyntaxUID) return transferSyntaxUID;
    for await (const bytes of content) return readIdentity(bytes).transferSyntaxUID;
  }
  return undefined;
}

/**
 * A video out of its instance.
 * @throws {RetrieveError}; {ContentMissingError} when there is no video in it
 */
export async function readVideo(
  client: DicomwebClient,
  uids: InstanceUIDs
): Promise<{ video: Blob; transferSyntaxUID: string | undefined }> {
  const pixelData = encapsulatedPixelData(await client.retrieveInstance(uids));
  if (!pixelData) throw new ContentMissingError('The instance has no encapsulated pixel data.');
  const { fragments, transferSyntaxUID } = pixelData;
  return {
    video: new Blob([...fragments] as BlobPart[], { type: 'video/mp4' }),
    transferSyntaxUID,
  };
}
