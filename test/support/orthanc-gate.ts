/**
 * A gate in front of a real Orthanc that answers as Orthanc does with its authorization plugin, orthanc-auth-service and Keycloak.
 *
 * What it is not: the plugin. orthanc-authorization is not in Debian, and was never run here. The gate follows the truth table in
 * docs/orthanc.md, which was read from the sources of orthanc-authorization (cbaf75e, 0.11.4) and orthanc-auth-service (917f219), and
 * its test asserts every cell of it. It knows DICOMweb and `auth/user/profile` and nothing else of Orthanc's REST API; no patient,
 * series and instance levels of share tokens; no audit log, no cache of profiles (the plugin keeps them for up to 60 seconds). Labels
 * are given to it, since Debian's Orthanc (1.10.1) has none. CORS, which the plugin leaves to the web server in front, is the gate's.
 */
import { createServer, request as sendRequest, type IncomingMessage } from 'node:http';
import type { OutgoingHttpHeaders, RequestOptions, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { decide, type PolicyRules } from './orthanc-gate-policy.ts';
import {
  anonymousProfile,
  credentialsOf,
  type Credential,
  type CredentialKind,
} from './orthanc-gate-tokens.ts';

export type { CredentialKind } from './orthanc-gate-tokens.ts';

export interface OrthancGateOptions extends Partial<PolicyRules> {
  /** REST root of the Orthanc behind. */
  orthanc: string;
  secret: string;
  realmKeys: PolicyRules['realmKeys'];
  /** Whether `GET /auth/user/profile` is there. Default: true. */
  hasProfile?: boolean;
  /** Whether `POST /studies/{study}` is there; without, it is 405. Default: true. */
  hasStudyTarget?: boolean;
  /** Origins that may ask from a browser. Default: none. */
  viewerOrigins?: readonly string[];
}

/** One request as the gate saw it, without preflights: the kind of its credential, never the credential, and no query string. */
export interface GateLogEntry {
  method: string;
  path: string;
  status: number;
  credential: CredentialKind;
}

export interface OrthancGate {
  /** REST root: `http://127.0.0.1:41234`. */
  url: string;
  /** DICOMweb root. */
  dicomwebUrl: string;
  /** What it was asked since {@link forget}. */
  requests(): readonly GateLogEntry[];
  forget(): void;
  close(): Promise<void>;
}

/** permissions.json of orthanc-auth-service 917f219 as far as it matters here, and a role that may only view. */
export const ROLES: PolicyRules['roles'] = {
  'admin-role': { permissions: ['view', 'upload', 'delete', 'share'], labels: ['*'] },
  'doctor-role': { permissions: ['view', 'download', 'share', 'send', 'upload'], labels: ['*'] },
  'external-role': { permissions: ['view', 'download', 'upload'], labels: ['external'] },
  'reader-role': { permissions: ['view'], labels: ['*'] },
};

/** anonymous-profile.json before 25.6.0 (or hardened), and as shipped since. */
export const EMPTY_ANONYMOUS = { permissions: [], labels: [] } as const;
export const UPLOADING_ANONYMOUS = { permissions: ['upload'], labels: [] } as const;

const NOT_HANDED_ON = ['authorization', 'api-key', 'token', 'origin', 'accept-encoding', 'host'];
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer'];

/** Starts a gate on a free port of 127.0.0.1. */
export async function startOrthancGate(options: OrthancGateOptions): Promise<OrthancGate> {
  const rules: PolicyRules = {
    plugin: '0.9.3',
    labels: {},
    roles: ROLES,
    anonymous: EMPTY_ANONYMOUS,
    apiKeys: {},
    now: Date.now,
    ...options,
  };
  const { orthanc, hasProfile = true, hasStudyTarget = true, viewerOrigins = [] } = options;
  const log: GateLogEntry[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = request;
    const { pathname, searchParams, search } = new URL(request.url ?? '/', orthanc);
    allowOrigin(request, response, viewerOrigins);
    if (method === 'OPTIONS') return void response.writeHead(204).end();

    const credentials = await credentialsOf(headers, rules);
    response.once('finish', () =>
      log.push({
        method,
        path: pathname,
        status: response.statusCode,
        credential: kindOf(credentials),
      })
    );
    if (pathname === '/auth/user/profile') {
      return hasProfile
        ? sendProfile(response, credentials, rules)
        : sendJson(response, 404, { HttpError: 'Not Found', HttpStatus: 404 });
    }
    if (!hasStudyTarget && method === 'POST' && /^\/dicom-web\/studies\/./.test(pathname)) {
      request.resume();
      return sendJson(response, 405, { HttpError: 'Method Not Allowed', HttpStatus: 405 });
    }
    const decision = decide({ method, path: pathname, query: searchParams }, credentials, rules);
    if (!decision.isGranted) {
      request.resume();
      return void response.writeHead(403).end();
    }
    const url = new URL(`${pathname}${search}`, orthanc);
    if (!decision.isVisible) return forward(request, response, url);
    return answerSearch(response, url, decision.isVisible);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    dicomwebUrl: `${url}/dicom-web`,
    requests: () => [...log],
    forget: () => void log.splice(0),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const kindOf = ([first]: readonly Credential[]): CredentialKind => first?.kind ?? 'none';

/** `GetUserProfile` (Plugin.cpp 2176): members without a value are left out; of several tokens the first one counts. */
function sendProfile(
  response: ServerResponse,
  [first]: readonly Credential[],
  rules: PolicyRules
): void {
  const { name, permissions, labels, userId } = first?.profile ?? anonymousProfile(rules);
  sendJson(response, 200, {
    name,
    permissions,
    groups: [],
    ...(labels.length > 0 && { 'authorized-labels': labels }),
    ...(userId !== undefined && { 'user-id': userId }),
  });
}

function allowOrigin(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  viewerOrigins: readonly string[]
): void {
  response.setHeader('Vary', 'Origin');
  if (headers.origin === undefined || !viewerOrigins.includes(headers.origin)) return;
  response.setHeader('Access-Control-Allow-Origin', headers.origin);
  if (method !== 'OPTIONS') return;
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
  response.setHeader('Access-Control-Allow-Headers', 'authorization, accept, content-type');
  response.setHeader('Access-Control-Max-Age', '600');
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Hands a request on as it is, but for its credentials: Orthanc behind the gate has no authentication. */
function forward(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const headers: OutgoingHttpHeaders = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !NOT_HANDED_ON.includes(name))
  );
  // So that the addresses in the metadata lead back through the gate. Without quotation marks: Orthanc would keep them in its addresses.
  headers['forwarded'] = `host=${request.headers.host};proto=http`;
  const options: RequestOptions = { method: request.method, headers };
  return new Promise((resolve, reject) => {
    const onward = sendRequest(url, options, answer => {
      for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined && !HOP_BY_HOP.includes(name)) response.setHeader(name, value);
      }
      response.statusCode = answer.statusCode ?? 502;
      pipeline(answer, response, error => (error ? reject(error) : resolve()));
    });
    pipeline(request, onward, error => error && reject(error));
  });
}

/** A search whose answer holds only what the asker may see. */
async function answerSearch(
  response: ServerResponse,
  url: URL,
  isVisible: (studyInstanceUID: string) => boolean
): Promise<void> {
  const answer = await fetch(url, { headers: { Accept: 'application/dicom+json' } });
  const found = answer.ok ? ((await answer.json()) as Record<string, { Value?: unknown[] }>[]) : [];
  const visible = found.filter(each => isVisible(String(each['0020000D']?.Value?.[0])));
  response.writeHead(answer.status, { 'Content-Type': 'application/dicom+json' });
  response.end(JSON.stringify(visible));
}
