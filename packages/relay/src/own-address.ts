import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { Transform } from 'node:stream';
import { essenceOf } from './content-type.ts';
import type { ServerSettings } from './server-settings.ts';

/** Authority of RFC 3986 3.2, without user information: nothing else gets into an answer. */
const AUTHORITY = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const JSON_TYPES = new Set(['application/dicom+json', 'application/json']);
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** What stands in an answer in place of what. Both begin with the quotation mark of a JSON string. */
interface Replacement {
  readonly from: Buffer;
  readonly to: Buffer;
}

/**
 * Puts the relay's own address in place of the service's, in what the service says of where things are (RetrieveURL, BulkDataURI, Location): a caller that
 * follows it needs the relay's access token. Only strings that begin with the URL of this one server and go on with `/studies` are changed.
 */
export class OwnAddress {
  readonly #replacements: readonly Replacement[];
  readonly #longest: number;
  readonly #roots: readonly string[];
  readonly #own: string | undefined;
  /** Of the service, as its URL gives it. */
  readonly #host: string;

  /**
   * @param server - name of the server in the routes.
   * @param serviceUrl - without a slash at the end.
   * @param headers - of the caller: Host, and X-Forwarded-Proto of a proxy with TLS before the relay, say how the relay was reached. Without a Host
   *   that can be one nothing is changed.
   */
  constructor(server: string, serviceUrl: string, headers: IncomingHttpHeaders) {
    const { host = '', 'x-forwarded-proto': forwarded } = headers;
    const scheme = forwarded === 'https' ? 'https' : 'http';
    const isUsable = AUTHORITY.test(host);
    this.#own = isUsable ? `${scheme}://${host}/servers/${encodeURIComponent(server)}` : undefined;
    const [, , authority = ''] = serviceUrl.split('/');
    this.#host = authority.replace(/:\d+$/, '');
    const { protocol, port, hostname, pathname } = new URL(serviceUrl);
    const withPort = `${protocol}//${hostname}:${port || DEFAULT_PORTS[protocol]}${pathname}`;
    this.#roots = [serviceUrl, withPort].map(root => root.replace(/\/$/, ''));
    this.#replacements = this.#roots.flatMap(root =>
      [false, true].map(isEscaped => ({
        from: jsonStart(`${root}/studies`, isEscaped),
        to: jsonStart(`${this.#own ?? root}/studies`, isEscaped),
      }))
    );
    this.#longest = Math.max(...this.#replacements.map(({ from }) => from.length));
  }

  /** Whether the body of such an answer is to be changed. */
  isFor(status: number, headers: IncomingHttpHeaders): boolean {
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
    const isJSON = JSON_TYPES.has(essenceOf(type));
    return (
      this.#own !== undefined &&
      status >= 200 &&
      status < 300 &&
      status !== 206 &&
      isJSON &&
      encoding === 'identity'
    );
  }

  /** Location and Content-Location of an answer. */
  headers(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
    const changed = ['location', 'content-location'].flatMap(name => {
      const value = headers[name];
      if (typeof value !== 'string') return [];
      const root = this.#roots.find(each => value.startsWith(`${each}/studies`));
      return root === undefined || this.#own === undefined
        ? []
        : [[name, this.#own + value.slice(root.length)] as const];
    });
    return { ...headers, ...Object.fromEntries(changed) };
  }

  /** A body in memory. Most name no address: these come back as they are. */
  body(bytes: Buffer): Buffer {
    if (!bytes.includes(this.#host)) return bytes;
    const { done, rest } = this.#replace(bytes);
    return done.length === 0 ? rest : Buffer.concat([...done, rest]);
  }

  /** A body as it comes; holds back no more than the length of the address. */
  stream(): Transform {
    let held: Buffer = Buffer.alloc(0);
    return new Transform({
      transform: (chunk: Buffer, _encoding, callback) => {
        const { done, rest } = this.#replace(
          held.length > 0 ? Buffer.concat([held, chunk]) : chunk
        );
        const keep = Math.min(rest.length, this.#longest - 1);
        held = Buffer.from(rest.subarray(rest.length - keep));
        callback(null, Buffer.concat([...done, rest.subarray(0, rest.length - keep)]));
      },
      flush: callback => callback(null, held),
    });
  }

  #replace(bytes: Buffer): { done: Buffer[]; rest: Buffer } {
    const done: Buffer[] = [];
    let rest = bytes;
    for (;;) {
      let at = -1;
      let found: Replacement | undefined;
      for (const replacement of this.#replacements) {
        const place = rest.indexOf(replacement.from);
        if (place >= 0 && (at < 0 || place < at)) [at, found] = [place, replacement];
      }
      if (!found) return { done, rest };
      done.push(rest.subarray(0, at), found.to);
      rest = rest.subarray(at + found.from.length);
    }
  }
}

/** The last one of each server: a caller asks under the same address again and again. */
const lastOf = new WeakMap<ServerSettings, { host?: string; scheme: unknown; own: OwnAddress }>();

/** The address of a server for a caller; see {@link OwnAddress}. */
export function ownAddressOf(settings: ServerSettings, headers: IncomingHttpHeaders): OwnAddress {
  const { host, 'x-forwarded-proto': scheme } = headers;
  const last = lastOf.get(settings);
  if (last && last.host === host && last.scheme === scheme) return last.own;
  const own = new OwnAddress(settings.name, settings.serviceUrl, headers);
  lastOf.set(settings, { host, scheme, own });
  return own;
}

/** The beginning of a JSON string; slashes may be escaped (RFC 8259 7). */
const jsonStart = (text: string, isEscaped: boolean): Buffer =>
  Buffer.from(`"${isEscaped ? text.replaceAll('/', '\\/') : text}`);
