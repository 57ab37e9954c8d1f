import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { Refusal } from './refusal.ts';

/** A connection on which nothing moves for so long is given up, in milliseconds. The service may need minutes for a large study. */
export const IDLE_TIMEOUT_MS = 600_000;
/** A connection that is kept for the next request is closed after so long, in milliseconds. */
const KEPT_MS = 15_000;

/** One request to the DICOM service. */
export interface UpstreamOptions {
  readonly method: string;
  /** Below the service's URL; begins with `/`, may have a query string. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  /** Aborted: the line is cut, so that half a body is never taken for a whole one. */
  readonly signal?: AbortSignal;
  /** Take a connection that may have been kept from an earlier request: the server may be hanging up on it just now. Default: false. */
  readonly mayReuse?: boolean;
}

/** Opens requests to the DICOM service. */
export interface Upstream {
  /** Sends the headers with the first byte of the body, or with `end()`. */
  open(options: UpstreamOptions): ClientRequest;
  /** Closes the connections that are kept. */
  close(): void;
}

/**
 * @param serviceUrl - without a slash at the end.
 * @param idleTimeoutMs - see {@link IDLE_TIMEOUT_MS}.
 */
export function upstreamOf(serviceUrl: string, idleTimeoutMs: number = IDLE_TIMEOUT_MS): Upstream {
  const url = new URL(serviceUrl);
  const { request, Agent } = url.protocol === 'https:' ? https : http;
  // Taken apart once, not for each request.
  const { protocol, hostname, port } = urlToHttpOptions(url);
  const fresh = new Agent({ keepAlive: false });
  const kept = new Agent({ keepAlive: true, maxFreeSockets: 8, timeout: KEPT_MS });
  const basePath = url.pathname.replace(/\/$/, '');
  const { host } = url;
  return {
    open: ({ method, path, headers, signal, mayReuse = false }) => {
      const agent = mayReuse ? kept : fresh;
      const upstream = request({
        protocol,
        hostname,
        port,
        method,
        path: basePath + path,
        headers: 'content-length' in headers ? written(headers, host) : headers,
        agent,
        signal,
      });
      upstream.setTimeout(idleTimeoutMs, () => upstream.destroy(new IdleError()));
      // Errors are seen by who waits for the answer; a late one, after it, changes nothing.
      upstream.on('error', () => undefined);
      return upstream;
    },
    close: () => kept.destroy(),
  };
}

/**
 * The headers of a request with a body of known length as a list: it is written down at once, in place of being kept name by name. Host is the caller's to
 * give then.
 */
function written(headers: OutgoingHttpHeaders, host: string): string[] {
  const list = ['Host', host];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) list.push(name, String(value));
  }
  return list;
}

class IdleError extends Error {}

/** There was no connection at all, so nothing can have been done. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** An error of the connection as a refusal. `fate`: what is known of the request's effect once there was a connection. */
export function connectionRefusal(cause: unknown, fate: string): Refusal {
  if (cause instanceof Refusal) return cause;
  if (cause instanceof IdleError) {
    return new Refusal(504, 'timeout', `The DICOM service did not answer in time. ${fate}`, {
      cause,
    });
  }
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== undefined && NEVER_CONNECTED.has(code)) {
    const text = `Nothing was sent: there is no connection to the DICOM service (${code}); check DICOM_SERVICE_URL and the network.`;
    return new Refusal(502, 'not-connected', text, { cause });
  }
  const how = typeof code === 'string' && /^[A-Z_]+$/.test(code) ? ` (${code})` : '';
  return new Refusal(
    502,
    'unreachable',
    `The connection to the DICOM service failed or broke${how}. ${fate}`,
    { cause }
  );
}

/**
 * The head of the service's answer; its body is still to be read.
 * @throws the connection's error when there is no answer.
 */
export function answerTo(upstream: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    upstream.once('response', resolve);
    upstream.once('error', reject);
    upstream.once('close', () => reject(new Error('The connection closed without an answer.')));
  });
}

/** @throws {Refusal} 502 for a redirect: neither the access token nor a body goes to another address. 304 is none. */
export function refuseRedirect(statusCode = 0): void {
  if (statusCode < 300 || statusCode >= 400 || statusCode === 304) return;
  throw new Refusal(
    502,
    'redirect',
    `The DICOM service answered ${statusCode} and points elsewhere; check DICOM_SERVICE_URL.`
  );
}
