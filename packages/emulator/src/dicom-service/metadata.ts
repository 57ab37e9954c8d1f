import { acceptsDicomJson } from '../http/media-type.ts';
import { notAcceptableFilter } from '../http/service-error.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { acceptLines, answerJson, pathResource } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { requestsExternal, withExternal } from './external-metadata.ts';
import { foundInstances } from './found.ts';

/** Retrieves the metadata of a study, a series or an instance. @see PS3.18 10.4.1.1.2; reference 3.5 */
export async function retrieveMetadata(exchange: Exchange): Promise<void> {
  const { request, response, parameters, access, store, archive, partition } = exchange;
  if (!acceptsDicomJson(acceptLines(request))) throw notAcceptableFilter();
  access.require('read', parameters.study);
  const scope = pathResource(parameters);
  const instances = foundInstances(store, scope);
  const eTag = entityTag(instances, scope.sopInstanceUID !== undefined);
  const known = request.headers['if-none-match'];
  if (known?.toLowerCase() === eTag) {
    response.writeHead(304, { 'Content-Length': '0' }).end();
    return;
  }
  const external = requestsExternal(exchange)
    ? archive.external.of(partition.name, scope.studyInstanceUID)
    : undefined;
  const json = `[${instances
    .map(({ metadata }) => (external ? withExternal(metadata, external) : metadata))
    .join(',')}]`;
  answerJson(response, 200, json, { ETag: eTag });
}

/** Without quotes, as the service writes it. Instances come oldest first. */
function entityTag(instances: readonly StoredInstance[], single: boolean): string {
  const newest = instances.at(-1)?.watermark ?? 0;
  return single ? `${newest}` : `${newest}-${instances.length}`;
}
