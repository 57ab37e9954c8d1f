import { readableDataSet } from '../bulk-values.ts';
import type { DicomwebClient } from '../client.ts';
import { EXPLICIT_LITTLE_ENDIAN } from '../element-reader.ts';
import { heal } from '../heal.ts';
import { dataSetOf } from '../part10.ts';
import type { InstanceUIDs } from '../retrieve.ts';
import type { Healing } from './fetch-frames.ts';
import { framesOfDataSet, framesOfInstance, type InstanceFrames } from './frames-of-instance.ts';

/** What an inflated data set is encoded in. @see PS3.5 A.5 */
const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/**
 * The frames of an instance out of the instance itself, for archives that have it and do not give its frames: some cannot cut what is big endian,
 * deflated, or compressed in a way that they do not know.
 * @returns undefined when the frames cannot be told apart.
 * @throws {RetrieveError} when the instance cannot be had; the signal's reason; what the authorization source throws.
 */
export async function framesByInstance(
  client: DicomwebClient,
  uids: InstanceUIDs,
  healing: Healing,
  signal: AbortSignal
): Promise<InstanceFrames | undefined> {
  const instance = await heal(() => client.retrieveInstance(uids, { signal }), healing, signal);
  if (dataSetOf(instance)) return framesOfInstance(instance);
  const inflated = await readableDataSet(instance);
  if (inflated?.encoding !== EXPLICIT_LITTLE_ENDIAN) return undefined;
  return framesOfDataSet({ ...inflated, transferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN });
}
