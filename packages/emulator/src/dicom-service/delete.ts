import { pathResource } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { removeFound } from './found.ts';

/** Deletes a study, a series or an instance; it is invisible at once. @see reference 4, DELETE */
export async function deleteInstances(exchange: Exchange): Promise<void> {
  const { response, parameters, access, store } = exchange;
  access.require('delete', parameters.study);
  await removeFound(store, pathResource(parameters));
  response.writeHead(204).end();
}
