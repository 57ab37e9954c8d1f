import { requestHeaders } from './headers.ts';
import { ACCESS_TOKEN_NOT_TAKEN } from './refusal.ts';
import type { Service } from './service.ts';
import { answerTo } from './upstream.ts';

/** The smallest request that needs an access token. */
const SMALL_SEARCH = '/studies?limit=1';
/** A service that does not answer to it in time is asked no more, in milliseconds; the Store will tell. */
const WAIT_MS = 10_000;
const MAX_ATTEMPTS = 2;

/**
 * Makes sure that the service takes the access token, before a body that cannot be sent twice: a refusal (401) may come when a part of it is on its way, and
 * `100 Continue` may come from a gateway that looks at nothing. Asks once for each access token, by a search for one study; one that the service has taken
 * for any other request is not asked about.
 * @throws {Refusal} 403 when the service takes a new one neither; what `service.access.accessToken` throws.
 * @throws the signal's reason.
 */
export async function proveAccess(service: Service, signal: AbortSignal): Promise<void> {
  const { access, metrics } = service;
  for (let attempt = 1; ; attempt += 1) {
    const accessToken = await access.accessToken({ signal });
    if (accessToken === undefined || access.isTaken(accessToken)) return;
    const status = await statusOf(service, accessToken, signal);
    if (status !== 401) {
      // 403, 404 and their like come from who has looked at the access token; what is not known, the Store will tell.
      if (status !== undefined && status !== 429 && status < 500) access.taken(accessToken);
      return;
    }
    access.refused(accessToken);
    if (attempt === MAX_ATTEMPTS) throw ACCESS_TOKEN_NOT_TAKEN;
    metrics.retry('401');
  }
}

async function statusOf(
  { upstream }: Service,
  accessToken: string,
  signal: AbortSignal
): Promise<number | undefined> {
  try {
    const outgoing = upstream.open({
      method: 'GET',
      path: SMALL_SEARCH,
      headers: requestHeaders({ accept: 'application/dicom+json' }, accessToken),
      signal: AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]),
    });
    outgoing.end();
    const answer = await answerTo(outgoing);
    answer.destroy();
    return answer.statusCode;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
