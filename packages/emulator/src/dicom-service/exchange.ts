import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Archive } from '../archive/archive.ts';
import type { Partition } from '../archive/partitions.ts';
import type { Access, DataAction } from '../authorization/access.ts';
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
  /** {@link origin} with the version as it stands in the path: `http://host:port/v2`. */
  versionRoot: string;
  /** {@link versionRoot}, with the partition where the request names one: where studies are below. */
  dataRoot: string;
  /** What the caller may do. */
  access: Access;
  /** The partition which the request names, or the default one. */
  partition: Partition;
  /** The instances of the partition; of changed ones the originals, when they were asked for. */
  store: InstanceStore;
  archive: Archive;
  /** `hosted` or `open-source`. */
  profile: 'hosted' | 'open-source';
  /** Bytes of a Store request and of each part. */
  maxStoreBytes: number;
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

/** 400 for a UID which cannot identify anything. @param name - as the service calls it. */
export const invalidUid = (name: string) =>
  badRequest(`Dicom element '${name}' failed validation for VR 'UI': ${INVALID_UID}`);

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
    if (!isUid(value)) throw invalidUid(name);
    scope[property] = withoutPadding(value);
  }
  return scope;
}

/** Like {@link pathScope}, for routes below a study. */
export function pathResource(parameters: Exchange['parameters']): Scope {
  const { studyInstanceUID = '', ...rest } = pathScope(parameters);
  return { studyInstanceUID, ...rest };
}

/**
 * Requires a permission for what goes beyond single studies: a share token has none of these.
 *
 * @throws {ServiceError} 403
 */
export function requireForAll({ access }: Exchange, action: DataAction): void {
  access.require(access.studies ? 'write' : action);
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

/** Answers with JSON of the service's own resources. */
export function answerPlainJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {}
): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers without a body. */
export function answerEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 204 ? {} : { 'Content-Length': '0' }).end();
}

export { answerWithStream as answerStream } from '../http/answer-stream.ts';
