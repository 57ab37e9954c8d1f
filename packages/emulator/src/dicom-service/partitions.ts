import type { Partition, Partitions } from '../archive/partitions.ts';
import { isPartitionName } from '../archive/partitions.ts';
import { badRequest, ServiceError } from '../http/service-error.ts';
import { answerPlainJson, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { timeText } from './time-text.ts';

const FEATURE_OFF = 'Data partitions feature is disabled.';

/** What a request says of its partition. */
export interface PartitionRequest {
  route: { scope: 'data' | 'service'; makesPartition?: boolean };
  /** The partition which the path names. */
  partitionName?: string;
}

/**
 * The partition of a request: the one which its path names, or the default one.
 *
 * @throws {ServiceError} 400 and 404 with the texts of reference 4, Data partitions.
 */
export async function partitionOf(
  partitions: Partitions,
  { route, partitionName }: PartitionRequest
): Promise<Partition> {
  if (route.scope === 'service') return partitions.default;
  if (!partitions.enabled) {
    if (partitionName !== undefined) throw badRequest(FEATURE_OFF);
    return partitions.default;
  }
  if (partitionName === undefined) {
    throw badRequest('PartitionName value is missing in the route segment.');
  }
  // The blank at the end is the service's.
  if (!isPartitionName(partitionName)) throw badRequest('The specified PartitionName is invalid. ');
  if (route.makesPartition) return partitions.getOrAdd(partitionName);
  const partition = partitions.get(partitionName);
  if (!partition) throw new ServiceError(404, 'Specified PartitionName does not exist.');
  return partition;
}

/** Lists the partitions. @see reference 4, Data partitions */
export async function listPartitions(exchange: Exchange): Promise<void> {
  const { archive, response } = exchange;
  if (!archive.partitions.enabled) throw badRequest(FEATURE_OFF);
  requireForAll(exchange, 'read');
  const entries = archive.partitions.list().map(({ key, name, createdDate }) => ({
    partitionKey: key,
    partitionName: name,
    createdDate: timeText(createdDate * 1000),
  }));
  answerPlainJson(response, 200, entries);
}
