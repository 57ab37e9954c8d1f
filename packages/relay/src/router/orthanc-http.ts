import * as http from 'node:http';
import * as https from 'node:https';
import { systemCode } from '../ledger/index.ts';
import { OrthancError } from './orthanc-error.ts';

/** A connection to Orthanc on which nothing moves for so long is given up, in milliseconds. */
export const ORTHANC_IDLE_MS = 60_000;
/** The longest JSON answer that is taken, in bytes: a page of the feed or a study's jobs are far shorter. */
const MAX_JSON_BYTES = 64 << 20;

/** Where Orthanc is, and as whom the relay reads it. */
export interface OrthancAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** One request to Orthanc's REST API. */
export interface OrthancRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Begins with `/`. */
  readonly path: string;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Sends requests to one Orthanc. */
export interface OrthancHttp {
  /**
   * The head of the answer; the body is still to be read.
   * @throws {OrthancError} ERR_RELAY_ORTHANC_UNREACHABLE, ERR_RELAY_ORTHANC_REFUSED; the signal's reason when it is aborted.
   */
  open(request: OrthancRequest): Promise<http.IncomingMessage>;
  /**
   * The answer's JSON; undefined for 404.
   * @throws as `open`; also ERR_RELAY_ORTHANC_ANSWER.
   */
  json(request: OrthancRequest): Promise<unknown>;
  close(): void;
}

async function textOf(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_JSON_BYTES) throw new Error('too long');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unreachable(why: string, cause?: unknown): OrthancError {
  return new OrthancError(
    'ERR_RELAY_ORTHANC_UNREACHABLE',
    `Orthanc does not answer (${why}); check ORTHANC_URL and that Orthanc runs.`,
    { cause }
  );
}

/** Node's own client: it asks for no compression, which Orthanc would do to DICOM files too, and streams with back-pressure. */
export function orthancHttp({ url, username, password }: OrthancAddress): OrthancHttp {
  const root = new URL(url);
  const { request, Agent } = root.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const basePath = root.pathname.replace(/\/$/, '');
  const credentials =
    username === undefined
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`,
        };

  const send = ({ method = 'GET', path, body, signal }: OrthancRequest) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
      const headers = {
        ...credentials,
        ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
      };
      const outgoing = request(root, { method, path: basePath + path, headers, agent, signal });
      outgoing.setTimeout(ORTHANC_IDLE_MS, () => outgoing.destroy(new Error('idle')));
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
      outgoing.end(text);
    });

  const open = async (asked: OrthancRequest): Promise<http.IncomingMessage> => {
    let answer: http.IncomingMessage;
    try {
      answer = await send(asked);
    } catch (cause) {
      asked.signal?.throwIfAborted();
      throw unreachable(systemCode(cause), cause);
    }
    const { statusCode = 0 } = answer;
    if (statusCode !== 401 && statusCode !== 403) return answer;
    answer.resume();
    throw new OrthancError(
      'ERR_RELAY_ORTHANC_REFUSED',
      `Orthanc refuses the relay (${statusCode}); check ORTHANC_USERNAME and ORTHANC_PASSWORD.`
    );
  };

  return {
    open,
    json: async asked => {
      const answer = await open(asked);
      const { statusCode = 0 } = answer;
      let text: string;
      try {
        text = await textOf(answer);
      } catch (cause) {
        asked.signal?.throwIfAborted();
        throw unreachable('the answer was cut', cause);
      }
      if (statusCode === 404) return undefined;
      if (statusCode >= 500) throw unreachable(`status ${statusCode}`);
      try {
        if (statusCode === 200) return JSON.parse(text) as unknown;
      } catch {
        // Said below: what Orthanc wrote may hold anything.
      }
      throw new OrthancError(
        'ERR_RELAY_ORTHANC_ANSWER',
        `Orthanc answered ${statusCode} with something else than its JSON; check that ORTHANC_URL is its REST root.`
      );
    },
    close: () => agent.destroy(),
  };
}
