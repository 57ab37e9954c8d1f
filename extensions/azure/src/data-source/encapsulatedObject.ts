import { encapsulatedDocument, type DicomwebClient } from '@ohif-azure/dicomweb';
import type { NaturalizedDataset, RenderedURL } from '../ohif.ts';

/** Encapsulated documents are bulk data, which the service leaves out of its metadata. */
export const ENCAPSULATED_DOCUMENT = 'EncapsulatedDocument';

/**
 * A document out of its instance, as an address that an `<object>` can show.
 *
 * @throws {RetrieveError} when the instance cannot be retrieved
 */
export async function documentURL(
  client: DicomwebClient,
  instance: NaturalizedDataset,
  defaultType: string | undefined,
  signal?: AbortSignal
): Promise<RenderedURL> {
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = instance;
  if (!StudyInstanceUID || !SeriesInstanceUID || !SOPInstanceUID) return { url: null };
  const bytes = await client.retrieveInstance(
    {
      studyInstanceUID: StudyInstanceUID,
      seriesInstanceUID: SeriesInstanceUID,
      sopInstanceUID: SOPInstanceUID,
    },
    { signal }
  );
  const document = encapsulatedDocument(bytes);
  if (!document) return { url: null };
  const blob = new Blob([document.bytes as BlobPart], {
    type: document.mimeType ?? defaultType ?? 'application/pdf',
  });
  const url = URL.createObjectURL(blob);
  return { url, revoke: () => URL.revokeObjectURL(url) };
}
