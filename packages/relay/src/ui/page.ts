import type { Bucket, Entry } from '../ledger/index.ts';
import type { AccessState } from '../service-access.ts';
import type { GateStatus } from '../router/service-gate.ts';
import { markup, type Markup } from './markup.ts';
import { STYLE } from './page-style.ts';
import { queueList, type QueueListView } from './queue-list.ts';
import { clockTime, throughputPlot } from './throughput-plot.ts';

/** A DICOM service as the page shows it. */
export interface ServiceView {
  readonly name: string;
  readonly url: string;
  readonly gate?: GateStatus;
  readonly accessToken?: AccessState;
}

/** Everything the page shows. */
export interface PageView extends QueueListView {
  readonly counts?: Readonly<Record<string, number>>;
  readonly oldestWaitingSeconds?: number;
  readonly retrying?: number;
  /** What is wrong with the ledger or with Orthanc. */
  readonly problems: readonly string[];
  readonly services: readonly ServiceView[];
  readonly buckets: readonly Bucket[];
  readonly bucketMs: number;
  readonly dead: readonly Entry[];
  readonly held: readonly Entry[];
  /** Instances that wait because an attempt failed. */
  readonly failing: readonly Entry[];
  readonly canSignIn: boolean;
  /** The form is shown, and the page stays as it is while it is filled in. */
  readonly isSigningIn?: boolean;
  /** What came of the last form. */
  readonly note?: string;
}

/** `3 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes < 1440
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** `12.3 MB`. */
const size = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

const CARDS = [
  ['waiting', 'queued', ''],
  ['sent', 'sent', 'ok'],
  ['dead', 'failed', 'bad'],
  ['held', 'held by a rule', 'warn'],
  ['skipped', 'skipped by a rule', ''],
  ['gone', 'deleted before sent', ''],
  ['dropped', 'dropped', ''],
] as const;

function cards({ counts }: PageView): Markup {
  if (!counts) return markup`<p class="bad">The numbers cannot be read now.</p>`;
  const items = CARDS.map(([state, label, colour]) => {
    const count = counts[state] ?? 0;
    return markup`<li data-cy="count-${state}">
      <b class="${count > 0 ? colour : ''}">${count}</b>${label}
    </li>`;
  });
  return markup`<ul class="cards">
    ${items}
  </ul>`;
}

function tokenText(state: AccessState | undefined): Markup {
  if (!state) return markup`<span class="soft">none needed</span>`;
  if (state.state === 'failed')
    return markup`<span class="bad">cannot be had (${state.code})</span>`;
  if (state.state === 'refused by the DICOM service')
    return markup`<span class="bad">${state.state}</span>`;
  if (state.state !== 'obtained') return markup`<span class="soft">${state.state}</span>`;
  const renewed = Date.parse(state.renewed_at);
  return markup`<span class="ok">obtained</span>, at ${clockTime(renewed)}`;
}

function gateText(gate: GateStatus | undefined, now: number): Markup {
  if (!gate) return markup`<span class="soft">not used</span>`;
  if (gate.state === 'open') {
    const last = gate.lastSuccessAt;
    return last === undefined
      ? markup`<span class="soft">nothing sent yet</span>`
      : markup`<span class="ok">working</span>, last at ${clockTime(last)}`;
  }
  const { failingSince = now, pausedUntil = now, reason, failures } = gate;
  const next = pausedUntil > now ? `in ${duration((pausedUntil - now) / 1000)}` : 'now';
  return markup`<span class="bad">failing for ${duration((now - failingSince) / 1000)}</span>
    (${failures} ${failures === 1 ? 'attempt' : 'attempts'}, next ${next})<br />${reason?.text}`;
}

function services({ services: all, now }: PageView): Markup {
  const rows = all.map(
    ({ name, url, gate, accessToken }) =>
      markup`<tr>
        <th scope="row">${name}</th>
        <td class="address" data-label="Address"><code>${url}</code></td>
        <td data-label="State" data-cy="service-state">${gateText(gate, now)}</td>
        <td data-label="Access token" data-cy="access-token">${tokenText(accessToken)}</td>
      </tr>`
  );
  return markup`<div class="table">
    <table>
      <thead>
        <tr>
          <th>Service</th>
          <th>Address</th>
          <th>State</th>
          <th>Access token</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function signIn({ session, canSignIn, isSigningIn }: PageView): Markup {
  if (session) {
    return markup`<form method="post" action="/ui/sign-out">
      <input type="hidden" name="key" value="${session.formKey}" />
      <button>Sign out</button>
    </form>`;
  }
  if (!canSignIn) {
    return markup`<p class="soft">
      Read only. To retry or drop here, set RELAY_USERNAME and RELAY_PASSWORD.
    </p>`;
  }
  if (!isSigningIn) return markup`<a href="/ui/sign-in">Sign in</a>`;
  return markup`<form class="sign-in" method="post" action="/ui/sign-in">
    <label>User name<input name="username" autocomplete="username" /></label>
    <label
      >Password or key<input
        name="password"
        type="password"
        autocomplete="current-password"
        required
    /></label>
    <button class="main">Sign in</button>
  </form>`;
}

/** The operator page, whole. Without a session it refreshes itself and shows no patient. */
export function page(view: PageView): string {
  const { counts = {}, oldestWaitingSeconds, retrying = 0, problems, note, now, session } = view;
  const bytes = view.buckets.reduce((sum, bucket) => sum + bucket.bytes, 0);
  const waiting =
    oldestWaitingSeconds === undefined
      ? 'Nothing waits.'
      : `The oldest instance that waits came in ${duration(oldestWaitingSeconds)} ago${retrying > 0 ? `; ${retrying} have failed before` : ''}.`;
  const hours = Math.round((view.bucketMs * view.buckets.length) / 3_600_000);
  const seconds = session ? 60 : 15;
  const refresh = view.isSigningIn
    ? undefined
    : markup`<meta http-equiv="refresh" content="${seconds}; url=/ui" />`;
  const document = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh}
        <meta name="robots" content="noindex" />
        <title>Relay</title>
        <style>${{ html: STYLE }}</style>
      </head>
      <body>
        <header>
          <h1>Relay: from Orthanc to the DICOM service</h1>
          ${signIn(view)}
        </header>
        <main>
          ${note === undefined ? undefined : markup`<p class="alert" role="status" data-cy="note">${note}</p>`}
          ${problems.map(problem => markup`<p class="alert" role="alert" data-cy="problem">${problem}</p>`)}
          ${cards(view)}
          <p data-cy="waiting">${waiting}</p>
          <h2>Sent in the last ${hours} hours</h2>
          <section class="card" data-cy="throughput">
            ${throughputPlot(view.buckets, view.bucketMs)}
          </section>
          <p class="soft">
            ${size(bytes)}; each bar ${Math.round(view.bucketMs / 60_000)} minutes,
            instances.
          </p>
          <h2>Services</h2>
          ${services(view)}
          ${queueList(view, 'Failed: to be decided', 'dead', view.dead, counts.dead ?? 0)}
          ${queueList(view, 'Held by a rule', 'held', view.held, counts.held ?? 0)}
          ${queueList(view, 'Waiting for another attempt', 'waiting', view.failing, view.failing.length)}
        </main>
        <footer>
          As of ${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} UTC; other times in the relay's own zone (${Intl.DateTimeFormat().resolvedOptions().timeZone}). Instances and
          studies by Orthanc's own names.
        </footer>
      </body>
    </html>`;
  return document.html;
}
