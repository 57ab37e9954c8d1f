/** A fault to inject; the fields of `POST /_test/faults`. */
export interface Fault {
  match: { method?: string; path?: string };
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  delayMs?: number;
  dropAfterBytes?: number;
  dropAnswerAfterBytes?: number;
  times?: number;
}

/** One request as the service saw it; `credential` says of what kind, never what it was. */
export interface SeenRequest {
  method: string;
  path: string;
  status: number | null;
  credential: string;
}

/** The test hooks of the DICOM service or of the identity provider. */
export class TestHooks {
  readonly #origin: string;

  /** @param address - any address of the service */
  constructor(address: string) {
    this.#origin = new URL(address).origin;
  }

  /** From now on, what matches goes wrong. */
  async inject(fault: Fault): Promise<void> {
    await this.#send('POST', '/_test/faults', JSON.stringify(fault));
  }

  /** Everything goes right again. */
  async clear(): Promise<void> {
    await this.#send('DELETE', '/_test/faults');
  }

  /** Forgets the requests that were seen so far. */
  async forget(): Promise<void> {
    await this.#send('DELETE', '/_test/requests');
  }

  /** The requests since {@link forget}, without preflights. */
  async requests(): Promise<SeenRequest[]> {
    const answer = await this.#send('GET', '/_test/requests');
    const all = (await answer.json()) as SeenRequest[];
    return all.filter(({ method }) => method !== 'OPTIONS');
  }

  async #send(method: string, path: string, body?: string): Promise<Response> {
    const answer = await fetch(`${this.#origin}${path}`, { method, body });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

/** Every Store transaction. */
export const STORE = { method: 'POST', path: '^/v2/studies' };
