import type { DicomwebClient } from '../client.ts';
import type { Pace } from '../pace.ts';
import { retrieveInstances } from '../retrieve-stream.ts';
import type { InstanceUIDs } from '../retrieve.ts';
import { collect } from './fetch-frames.ts';
import { framesOfInstance, type InstanceFrames } from './frames-of-instance.ts';

/** One instance of a series, as it came. */
export interface StreamedInstance {
  readonly byteLength: number;
  /** Undefined when its frames cannot be told apart. */
  readonly instance: InstanceFrames | undefined;
}

/**
 * The frames of a series, instance by instance, as one streamed request brings them. The order is the archive's. The next instance is read
 * when the one before was taken: a slow reader holds up the line.
 * @throws {RetrieveError} as `retrieveInstances`.
 */
export async function* streamSeries(
  client: DicomwebClient,
  { studyInstanceUID, seriesInstanceUID }: Omit<InstanceUIDs, 'sopInstanceUID'>,
  pace: Pace,
  signal: AbortSignal
): AsyncGenerator<StreamedInstance, void> {
  const uids = { studyInstanceUID, seriesInstanceUID };
  for await (const { content } of retrieveInstances(client, uids, { signal })) {
    const bytes = await collect(content, pace);
    signal.throwIfAborted();
    yield { byteLength: bytes.byteLength, instance: framesOfInstance(bytes) };
    const rest = pace.rest();
    if (rest) await rest;
  }
}
