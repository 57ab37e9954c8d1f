import { contextOf, wholeService } from './client-context.ts';
import type { DicomwebClient } from './client.ts';
import { parseJson } from './dicom-json.ts';
import type { RequestOptions } from './exchange.ts';
import { get, unreadable } from './retrieve.ts';

/**
 * The names of a service's data partitions, in the order of the alphabet.
 * @throws {RetrieveError} as `retrieveInstance`: REFUSED with 400 where partitions are not enabled.
 * @see Azure DICOM service, Data partitions
 */
export async function partitionNames(
  client: DicomwebClient,
  options: RequestOptions = {}
): Promise<string[]> {
  const context = wholeService(contextOf(client));
  const { body } = await get(context, undefined, '/partitions', 'application/json', options);
  const parsed = parseJson(body);
  if (!Array.isArray(parsed)) throw unreadable(context, '/partitions', 'not a JSON array');
  return parsed
    .map(entry => (entry as { partitionName?: unknown } | null)?.partitionName)
    .filter(name => typeof name === 'string')
    .sort((a, b) => a.localeCompare(b));
}
