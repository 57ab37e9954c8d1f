import type { DicomwebClient } from './client.ts';
import type { DicomJson } from './dicom-json.ts';
import { encodePart10 } from './encode-part10.ts';
import type { StoreOptions } from './store.ts';
import type { InstanceOutcome } from './store-outcome.ts';

/**
 * Stores a data set: {@link encodePart10}, and one Store transaction.
 * @throws as `encodePart10` and `DicomwebClient.store`.
 */
export async function storeDataSet(
  client: Pick<DicomwebClient, 'store'>,
  dataset: DicomJson,
  options: StoreOptions = {}
): Promise<InstanceOutcome> {
  const { instances } = await client.store([{ bytes: encodePart10(dataset) }], options);
  return instances[0] as InstanceOutcome;
}
