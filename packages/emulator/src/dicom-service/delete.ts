import { pathResource } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { levelOf } from './found.ts';
import { notFound } from '../http/service-error.ts';

/** Deletes a study, a series or an instance; it is invisible at once. @see reference 4, DELETE */
export async function deleteInstances(exchange: Exchange): Promise<void> {
  const { response, parameters, access, archive, partition } = exchange;
  access.require('delete', parameters.study);
  const scope = pathResource(parameters);
  if ((await archive.remove(partition, scope)) === 0) throw notFound(levelOf(scope));
  response.writeHead(204).end();
}
