import { notFound } from '../http/service-error.ts';
import type { Scope } from '../storage/instance-index.ts';
import type { InstanceStore } from '../storage/instance-store.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';

/** The least thing which a scope names, for the 404 text. */
export function levelOf(scope: Scope): 'study' | 'series' | 'instance' {
  if (scope.sopInstanceUID !== undefined) return 'instance';
  return scope.seriesInstanceUID === undefined ? 'study' : 'series';
}

/**
 * The instances of a scope, oldest first; at least one.
 *
 * @throws {ServiceError} 404 naming the level asked for. [reference 3.5]
 */
export function foundInstances(
  store: InstanceStore,
  scope: Scope
): [StoredInstance, ...StoredInstance[]] {
  const [first, ...rest] = store.index.find(scope);
  if (!first) throw notFound(levelOf(scope));
  return [first, ...rest];
}
