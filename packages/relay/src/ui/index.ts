import type { Clock } from '@ohif-azure/core';
import { redactURL } from '@ohif-azure/core';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Entry, Ledger } from '../ledger/index.ts';
import { Refusal } from '../refusal.ts';
import type { PartRequest, PartRoute } from '../relay-part.ts';
import { respond } from '../respond.ts';
import type { RouterStatus } from '../router/router-status.ts';
import type { OrthancClient } from '../router/orthanc-client.ts';
import { readBody } from '../router/read-body.ts';
import type { CallerCredentials } from '../settings.ts';
import type { StoreServer } from '../store-server.ts';
import { page, type PageView } from './page.ts';
import { CONTENT_SECURITY_POLICY } from './page-style.ts';
import { isOwnForm, Sessions, type Session } from './sessions.ts';

/** Six hours in bars of ten minutes. */
const BUCKET_MS = 600_000;
const BUCKETS = 36;
/** Rows of each list. */
const ROWS = 50;

/** What the page shows from. */
export interface OperatorPageContext {
  readonly ledger: Ledger;
  readonly orthanc: OrthancClient;
  readonly status: () => Promise<RouterStatus>;
  readonly servers: ReadonlyMap<string, StoreServer>;
  readonly caller?: CallerCredentials;
  readonly clock: Clock;
}

const problemIn = (state: string | { readonly problem: string }): string[] =>
  typeof state === 'string' ? [] : [state.problem];

/** Entries, or none when the ledger cannot be read: the page says why elsewhere. */
async function rows(ledger: Ledger, state: Entry['state'], limit = ROWS): Promise<Entry[]> {
  return ledger.list({ state, limit }).catch(() => []);
}

/** Who the patients are, asked of Orthanc now: the relay itself keeps no names. */
async function patientsOf(
  orthanc: OrthancClient,
  entries: readonly Entry[],
  signal: AbortSignal
): Promise<ReadonlyMap<string, string>> {
  const patients = new Map<string, string>();
  for (const study of new Set(entries.map(entry => entry.study))) {
    const found = await orthanc.study(study, signal).catch(() => undefined);
    if (!found) continue;
    const { PatientName = '', PatientID = '' } = found.patientTags;
    patients.set(study, `${PatientName.replaceAll('^', ' ').trim()} (${PatientID})`);
  }
  return patients;
}

/**
 * The operator page, `GET /ui`: what is queued, sent and failed, and why. Everybody who reaches the relay may read it; it names no patient, and changes
 * nothing, unless one signs in with the relay's credential.
 */
export function operatorPage(context: OperatorPageContext): PartRoute {
  const { ledger, orthanc, status, servers, clock } = context;
  const sessions = new Sessions(context.caller, clock);

  const view = async (
    session: Session | undefined,
    shown: Pick<PageView, 'note' | 'isSigningIn'>,
    signal: AbortSignal
  ): Promise<PageView> => {
    const now = clock.now();
    const routing = await status();
    const [dead, held, waiting, buckets] = await Promise.all([
      rows(ledger, 'dead'),
      rows(ledger, 'held'),
      rows(ledger, 'waiting', 1_000),
      ledger.throughput(BUCKET_MS, BUCKETS).catch(() => []),
    ]);
    const failing = waiting.filter(({ attempts }) => attempts > 0).slice(0, ROWS);
    const listed = [...dead, ...held, ...failing];
    return {
      now,
      counts: routing.counts,
      oldestWaitingSeconds: routing.oldest_waiting_seconds,
      retrying: routing.retrying,
      problems: [...problemIn(routing.ledger), ...problemIn(routing.orthanc)],
      services: [...servers.values()].map(server => ({
        name: server.name,
        url: redactURL(server.serviceUrl),
        gate: routing.services[server.name],
        accessToken: server.accessState?.(),
      })),
      buckets,
      bucketMs: BUCKET_MS,
      dead,
      held,
      failing,
      patients: session ? await patientsOf(orthanc, listed, signal) : undefined,
      session,
      canSignIn: sessions.isPossible,
      ...shown,
    };
  };

  const show = async (
    { request, response, signal }: PartRequest,
    httpStatus: number,
    session: Session | undefined,
    shown: Pick<PageView, 'note' | 'isSigningIn'> = {}
  ): Promise<void> => {
    await respond(request, response, {
      status: httpStatus,
      headers: { ...SECURITY_HEADERS, 'content-type': 'text/html; charset=utf-8' },
      body: page(await view(session, shown, signal)),
    });
  };

  const back = async (
    { request, response }: PartRequest,
    headers: OutgoingHttpHeaders
  ): Promise<void> => {
    // 303: a reload of the page does not send the form again (RFC 9110 15.4.4).
    const location = { ...SECURITY_HEADERS, location: '/ui', ...headers };
    await respond(request, response, { status: 303, headers: location, body: '' });
  };

  const formOf = async ({ request, signal }: PartRequest): Promise<URLSearchParams> => {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new Refusal(403, 'bad-request', 'The form comes from another site.');
    }
    return new URLSearchParams(await readBody(request, signal));
  };

  const post = async (asked: PartRequest, action: string | undefined): Promise<void> => {
    const { cookie } = asked.request.headers;
    const form = await formOf(asked);
    if (action === 'sign-in') {
      const typed = { username: form.get('username') ?? '', password: form.get('password') ?? '' };
      const setCookie = await sessions.signIn(typed, asked.signal);
      if (setCookie === undefined) {
        return show(asked, 403, undefined, {
          note: 'The user name or the password is wrong.',
          isSigningIn: true,
        });
      }
      return back(asked, { 'set-cookie': setCookie });
    }
    const session = sessions.find(cookie);
    if (!session || !isOwnForm(session, form.get('key'))) {
      const note = 'The session has ended; nothing was changed. Sign in again.';
      return show(asked, 403, undefined, { note });
    }
    if (action === 'sign-out') return back(asked, { 'set-cookie': sessions.signOut(cookie) });
    const [wanted, state, id] = ['action', 'state', 'id'].map(name => form.get(name));
    const isState = state === 'dead' || state === 'held' || state === 'waiting';
    if (action !== 'queue' || !isState || !id || (wanted !== 'retry' && wanted !== 'drop')) {
      throw new Refusal(404, 'bad-request', 'The operator page has no such form.');
    }
    const changed = await ledger[wanted](id === 'all' ? { state } : { state, ids: [id] });
    const what = wanted === 'retry' ? 'to be sent again' : 'dropped';
    return show(asked, 200, session, {
      note: `${changed} ${changed === 1 ? 'instance' : 'instances'} ${what}.`,
    });
  };

  return {
    segment: 'ui',
    isOpen: true,
    methods: ['POST'],
    handle: async asked => {
      const [, action, ...rest] = asked.segments;
      if (rest.length > 0) throw new Refusal(404, 'bad-request', 'The operator page is /ui.');
      if (asked.request.method === 'POST') return post(asked, action);
      if (action === undefined)
        return show(asked, 200, sessions.find(asked.request.headers.cookie));
      if (action === 'sign-in' && sessions.isPossible) {
        return show(asked, 200, undefined, { isSigningIn: true });
      }
      // After a form was sent, the address bar shows its path.
      return back(asked, {});
    },
  };
}

const SECURITY_HEADERS: OutgoingHttpHeaders = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
};
