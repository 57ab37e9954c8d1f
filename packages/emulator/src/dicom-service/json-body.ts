import type { IncomingMessage } from 'node:http';
import { parseMediaType } from '../http/media-type.ts';
import { ServiceError } from '../http/service-error.ts';

/** Kestrel's limit for bodies of requests which set no other. */
const MAX_JSON_BYTES = 30_000_000;

/** JSON which cannot be read: the service tells it differently by route. */
export class JsonBodyError extends Error {
  override readonly name = 'JsonBodyError';
  /** Where the fault is; `''` for a missing body. */
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

/**
 * The check which routing makes before authentication: another media type gets 415 with no body,
 * an absent one passes. [framework `ConsumesAttribute`]
 */
export function consumes(expected: string): (request: IncomingMessage) => void {
  return request => {
    const header = request.headers['content-type'];
    if (header === undefined) return;
    const type = parseMediaType(header)?.type;
    if (type !== expected) throw new ServiceError(415, '');
  };
}

/**
 * Reads a JSON body: comments and trailing commas are permitted, as the service permits them.
 *
 * @throws {ServiceError} 413; 415 when a body has no media type.
 * @throws {JsonBodyError} when there is no body, or it is no JSON.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_JSON_BYTES) throw new ServiceError(413, 'Request body too large.');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') throw new JsonBodyError('', 'A non-empty request body is required.');
  if (request.headers['content-type'] === undefined) throw new ServiceError(415, '');
  try {
    return JSON.parse(text);
  } catch {
    return parseLenient(text);
  }
}

function parseLenient(text: string): unknown {
  try {
    return JSON.parse(withoutCommentsAndTrailingCommas(text));
  } catch {
    throw new JsonBodyError('$', 'The JSON value could not be read.');
  }
}

function withoutCommentsAndTrailingCommas(text: string): string {
  return text.replace(
    /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*[\]}])/g,
    match => (match.startsWith('"') ? match : ' ')
  );
}

/** A member of a JSON object, whose names are case-insensitive to the service. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const entry = Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return entry?.[1];
}
