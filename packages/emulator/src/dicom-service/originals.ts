import type { IncomingMessage } from 'node:http';
import { InstanceIndex } from '../storage/instance-index.ts';
import type { Scope } from '../storage/instance-index.ts';
import type { InstanceStore } from '../storage/instance-store.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';

/** Whether a request asks for instances as they were before they were changed. [reference 3.5] */
export function requestsOriginals(request: IncomingMessage): boolean {
  const [first] = request.headersDistinct['msdicom-request-original'] ?? [];
  return request.method === 'GET' && first?.toLowerCase() === 'true' && isRetrieve(request.url);
}

/** Frames, rendered images and searches always tell of the latest version. [source RetrieveController] */
function isRetrieve(url = ''): boolean {
  const [path = ''] = url.split('?');
  return /\/studies\/[^/]+(\/series\/[^/]+(\/instances\/[^/]+)?)?(\/metadata)?\/?$/i.test(path);
}

/** The same store for reading, with the originals of the instances which were changed. */
export function originalsOf(store: InstanceStore): InstanceStore {
  const index = new OriginalsIndex(store.index);
  return Object.create(store, { index: { value: index } }) as InstanceStore;
}

class OriginalsIndex extends InstanceIndex {
  readonly #latest: InstanceIndex;

  constructor(latest: InstanceIndex) {
    super();
    this.#latest = latest;
  }

  override find(scope: Scope): readonly StoredInstance[] {
    return this.#latest.find(scope).map(instance => instance.original ?? instance);
  }
}
