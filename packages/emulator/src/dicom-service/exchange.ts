import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Access } from '../authorization/access.ts';
import { badRequest } from '../http/service-error.ts';
import { withoutPadding } from '../part10/element-values.ts';
import type { Scope } from '../storage/instance-index.ts';
import type { InstanceStore } from '../storage/instance-store.ts';
import type { ApiVersion } from '../storage/stored-instance.ts';
import { INVALID_UID, isUid } from '../validation/minimum-rules.ts';

/** One authenticated request to a transaction, and the means to answer it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  version: ApiVersion;
  /** The placeholders of the route: `study`, `series`, `instance`, `frames`. */
  parameters: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** `http://host:port` as the client wrote it. */
  origin: string;
  /** What the caller may do. */
  access: Access;
  store: InstanceStore;
  /** `hosted` or `open-source`. */
  profile: 'hosted' | 'open-source';
}

/** The lines of the `Accept` header. */
export function acceptLines(request: IncomingMessage): string[] {
  return request.headersDistinct.accept ?? [];
}

const NAMES = [
  ['study', 'StudyInstanceUid', 'studyInstanceUID'],
  ['series', 'SeriesInstanceUid', 'seriesInstanceUID'],
  ['instance', 'SopInstanceUid', 'sopInstanceUID'],
] as const;

/**
 * The study, series and instance which the path names, without padding.
 *
 * @throws {ServiceError} 400 when one is no UID. [reference 0.9]
 */
export function pathScope(parameters: Exchange['parameters']): Partial<Scope> {
  const scope: Partial<Scope> = {};
  for (const [parameter, name, property] of NAMES) {
    const value = parameters[parameter];
    if (value === undefined) continue;
    if (!isUid(value)) {
      throw badRequest(`Dicom element '${name}' failed validation for VR 'UI': ${INVALID_UID}`);
    }
    scope[property] = withoutPadding(value);
  }
  return scope;
}

/** Like {@link pathScope}, for routes below a study. */
export function pathResource(parameters: Exchange['parameters']): Scope {
  const { studyInstanceUID = '', ...rest } = pathScope(parameters);
  return { studyInstanceUID, ...rest };
}

/** Answers with DICOM JSON text. [reference 0.8] */
export function answerJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Record<string, string> = {}
): void {
  response.writeHead(status, {
    'Content-Type': 'application/dicom+json; charset=utf-8',
    ...headers,
  });
  response.end(json);
}

/** Answers with a stream; when the client goes away the stream is closed and nothing else happens. */
export async function answerStream(
  response: ServerResponse,
  contentType: string,
  body: AsyncIterable<Uint8Array>
): Promise<void> {
  response.writeHead(200, { 'Content-Type': contentType });
  try {
    await pipeline(Readable.from(body, { objectMode: false }), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
