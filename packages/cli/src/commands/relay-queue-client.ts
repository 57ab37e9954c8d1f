import { isLoopback } from '@ohif-azure/core/settings';
import { FailedError } from '../exit-status.ts';
import { safeText } from '../terminal/safe-text.ts';
import { UsageError } from '../usage-error.ts';

/** One entry of the queue, as `GET /queue` of the relay shows it. */
export interface QueueEntry {
  readonly id: string;
  readonly study: string;
  readonly state: string;
  readonly changed: string;
  readonly attempts: number;
  readonly server?: string;
  readonly sopInstanceUID?: string;
  readonly code?: string;
  readonly reason?: string;
}

/** What `POST /queue/retry` and `/queue/drop` take. */
export type QueueSelection = { readonly state: 'dead' | 'held' | 'waiting' | 'dropped' } & (
  { readonly ids: readonly string[] } | { readonly study: string } | { readonly all: true }
);

/** Entries asked for at once. */
const PAGE = 1_000;
const TIMEOUT_MS = 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

function credentialOf(env: Environment): Record<string, string> {
  const { RELAY_USERNAME: username, RELAY_PASSWORD: password, RELAY_KEY: key } = env;
  if (username && password) {
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
  return key ? { [(env.RELAY_KEY_HEADER || 'x-api-key').toLowerCase()]: key } : {};
}

/**
 * The queue of a running relay.
 * @param address - of the relay.
 * @param env - where its credential stands.
 * @throws {UsageError} for an address that is none, or to which the credential must not go in the clear.
 */
export function relayQueueClient(address: string, env: Environment) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username) {
    throw new UsageError(
      '--relay: expected the address of the relay, such as http://127.0.0.1:8083'
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new UsageError(
      '--relay: expected https:// for another machine; the credential goes along.'
    );
  }
  const root = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const credential = credentialOf(env);

  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    let answer: Response;
    try {
      answer = await fetch(`${root}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...credential,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new FailedError(
        `The relay does not answer at ${root}. Does it run, with ORTHANC_URL?`,
        { cause }
      );
    }
    const text = await answer.text();
    if (answer.status === 401) {
      throw new FailedError(
        'The relay does not accept the credential: set RELAY_USERNAME and RELAY_PASSWORD, or RELAY_KEY.'
      );
    }
    if (answer.status === 404 && body === undefined) {
      throw new FailedError(
        `The relay at ${root} has no queue: its auto-router is off (ORTHANC_URL).`
      );
    }
    if (!answer.ok)
      throw new FailedError(`The relay answered ${answer.status}: ${safeText(text).slice(0, 500)}`);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new FailedError(`What answers at ${root} is no relay.`, { cause });
    }
  };

  return {
    /** Entries, page after page. */
    async *entries(filter: {
      readonly state?: string;
      readonly study?: string;
      readonly limit: number;
    }): AsyncGenerator<QueueEntry, void> {
      let left = filter.limit;
      let after: string | undefined;
      do {
        const query = new URLSearchParams({ limit: String(Math.min(PAGE, left)) });
        if (filter.state !== undefined) query.set('state', filter.state);
        if (filter.study !== undefined) query.set('study', filter.study);
        if (after !== undefined) query.set('after', after);
        const page = (await ask(`/queue?${query}`)) as { entries: QueueEntry[]; next?: string };
        yield* page.entries;
        left -= page.entries.length;
        after = page.next;
      } while (after !== undefined && left > 0);
    },
    /** @returns how many were changed. */
    change: async (action: 'retry' | 'drop', selection: QueueSelection): Promise<number> =>
      ((await ask(`/queue/${action}`, selection)) as { changed: number }).changed,
  };
}
