/** As much of IndexedDB as the storage key needs: one database, one store, requests that succeed later. */
export class FakeIndexedDB {
  readonly stores = new Map<string, Map<string, unknown>>();
  /** What opening does: as it should, fail, or stay without an answer. */
  behaviour: 'works' | 'fails' | 'hangs' = 'works';

  open(): FakeRequest {
    const request = new FakeRequest();
    queueMicrotask(() => {
      if (this.behaviour === 'hangs') return;
      if (this.behaviour === 'fails') return request.fail(new Error('InvalidStateError'));
      const isNew = this.stores.size === 0;
      request.result = this.#database();
      if (isNew) request.onupgradeneeded?.();
      request.onsuccess?.();
    });
    return request;
  }

  #database(): unknown {
    return {
      createObjectStore: (name: string) => this.stores.set(name, new Map()),
      transaction: (name: string) => ({ objectStore: () => this.#objectStore(name) }),
      close: () => undefined,
    };
  }

  #objectStore(name: string): unknown {
    const store = this.stores.get(name) as Map<string, unknown>;
    return {
      get: (id: string) => FakeRequest.succeeding(store.get(id)),
      put: (value: unknown, id: string) => {
        store.set(id, value);
        return FakeRequest.succeeding(id);
      },
    };
  }
}

class FakeRequest {
  result: unknown;
  error: Error | undefined;
  onsuccess: (() => void) | undefined;
  onerror: (() => void) | undefined;
  onupgradeneeded: (() => void) | undefined;

  static succeeding(result: unknown): FakeRequest {
    const request = new FakeRequest();
    request.result = result;
    queueMicrotask(() => request.onsuccess?.());
    return request;
  }

  fail(error: Error): void {
    this.error = error;
    this.onerror?.();
  }
}
