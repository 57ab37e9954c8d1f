import { ServiceError } from '../http/service-error.ts';
import { requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';

/**
 * Export to a storage account, which is not available here: the answer is that of a service on
 * which the feature is off. [reference 4, Export]
 */
export async function exportInstances(exchange: Exchange): Promise<void> {
  exchange.request.resume();
  requireForAll(exchange, 'export');
  throw new ServiceError(404, '');
}
