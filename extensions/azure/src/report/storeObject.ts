import { createDicomwebClient, xhrTransport } from '@ohif-azure/dicomweb';
import type { DicomDict, NaturalizedDataset } from '../ohif.ts';
import type { AccessTokens } from '../session/accessTokens.ts';
import type { AzureSource } from '../runtime.ts';
import { text } from '../texts/index.ts';
import { detailsOfResult } from './reportDetails.ts';
import { SAVED_STATES, stateOfError, stateOfResult, type ReportState } from './reportState.ts';
import { writePart10 } from './writePart10.ts';

/**
 * `store.dicom` of the data source: the viewer's DICOM upload and everything that does not come through
 * `createStoreFunction`.
 *
 * @param request - given by the viewer's upload, whose progress and abort listen on it
 * @throws {Error} in plain words when the archive does not have the object afterwards
 */
export async function storeObject(
  source: AzureSource,
  accessTokens: AccessTokens,
  dataset: NaturalizedDataset | ArrayBuffer,
  request?: XMLHttpRequest | null,
  dicomDict?: DicomDict
): Promise<void> {
  const { archive, inner, stored } = source;
  const isDataset = !(dataset instanceof ArrayBuffer);
  if (isDataset && stored.has(dataset.SOPInstanceUID ?? '')) return;
  const bytes = await writePart10(inner, dataset, dicomDict);
  const client = request
    ? createDicomwebClient({
        serviceUrl: archive.dicomwebRoot,
        dialect: archive.dialect,
        authorization: accessTokens.source(archive),
        transport: xhrTransport(() => request),
      })
    : source.client;
  let state: ReportState;
  let reason = '';
  try {
    const result = await client.store(
      [{ bytes }],
      isDataset ? { studyInstanceUID: dataset.StudyInstanceUID } : {}
    );
    state = stateOfResult(result);
    [reason = ''] = detailsOfResult(result);
  } catch (error) {
    // Cancelled by the user: the viewer's upload says so itself.
    if (request && error instanceof Error && error.name === 'AbortError') throw error;
    state = stateOfError(error);
  }
  if (SAVED_STATES.includes(state)) return;
  throw new Error(text(`upload.${state as UnsavedState}`, { reason }));
}

type UnsavedState =
  'rejected' | 'sign-in-required' | 'forbidden' | 'unreachable' | 'throttled' | 'unknown';
