import type { ServerResponse } from 'node:http';
import { badRequest } from '../http/service-error.ts';
import { parseMediaRanges } from '../http/media-type.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { withoutPadding } from '../part10/element-values.ts';
import { isUid } from '../validation/minimum-rules.ts';
import { tagOf } from './attribute-id.ts';
import { acceptLines, invalidUid } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { JsonBodyError, readJson } from './json-body.ts';

/** Tags which the transactions themselves speak of. */
export const TAG = {
  sopClassUID: '00080016',
  sopInstanceUID: '00080018',
  transactionUID: '00081195',
  modificationDateTime: '00404010',
  state: '00741000',
  progressInformation: '00741002',
  cancellationDateTime: '00404052',
  worklistLabel: '00741202',
  performedProcedure: '00741216',
} as const;

const invalidBody = (key: string, reason: string) =>
  badRequest(`The query parameter '${key}' is invalid. ${reason}`);

/**
 * Reads the body of a work item request: an array of which the first data set counts.
 *
 * @throws {ServiceError} 400
 */
export async function readWorkItem({ request }: Exchange): Promise<JsonDataSet> {
  const body = await readJson(request).catch((error: unknown) => {
    throw error instanceof JsonBodyError ? invalidBody(error.key, error.message) : error;
  });
  if (!Array.isArray(body)) {
    throw invalidBody('$', 'The JSON value could not be converted to a list of data sets.');
  }
  const [first] = body as unknown[];
  if (first === undefined) {
    throw invalidBody(
      'dicomDatasets',
      "The field dicomDatasets must be a string or array type with a minimum length of '1'."
    );
  }
  if (typeof first !== 'object' || first === null) throw badRequest('The request body is missing.');
  return dataSetOf(first as Record<string, unknown>);
}

function dataSetOf(json: Record<string, unknown>): JsonDataSet {
  const dataSet: JsonDataSet = {};
  for (const [name, attribute] of Object.entries(json)) {
    const tag = tagOf(name);
    const { vr, Value } = (attribute ?? {}) as { vr?: unknown; Value?: unknown };
    if (tag === undefined || typeof vr !== 'string') {
      throw invalidBody(`$[0].${name}`, 'The JSON value could not be converted to a data element.');
    }
    const values = Array.isArray(Value) ? (Value as JsonDataSet[]) : undefined;
    dataSet[tag] = {
      vr,
      ...(values && {
        Value:
          vr === 'SQ'
            ? values.map(item => dataSetOf((item ?? {}) as Record<string, unknown>))
            : values,
      }),
    };
  }
  return dataSet;
}

/** The UID of the work item which the path names. @throws {ServiceError} 400 */
export function workItemUid({ parameters }: Exchange): string {
  const uid = parameters.workitem ?? '';
  if (!isUid(uid)) throw invalidUid('WorkitemInstanceUid');
  return withoutPadding(uid);
}

/** The name of the first query parameter, which is a UID to some transactions. */
export function firstParameter({ query }: Exchange): string | undefined {
  const [name] = query.keys();
  return name === undefined || name === '' ? undefined : name;
}

/** The first value of an attribute, as text. */
export function valueOf(dataSet: JsonDataSet, tag: string): string {
  const value = dataSet[tag]?.Value?.[0];
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** A moment as DT. @param nowMs - milliseconds since 1970. */
export function dateTimeOf(nowMs: number): string {
  const [date = '', fraction = '000Z'] = new Date(nowMs).toISOString().split('.');
  return `${date.replace(/[-:T]/g, '')}.${fraction.slice(0, 3)}000`;
}

/** The header `Warning: 299 {host}: "..."`. [reference 4, UPS-RS] */
export function warning({ request }: Exchange, message: string): Record<string, string> {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return { Warning: `299 ${host}: "${message}"` };
}

/** Answers with a message as DICOM JSON, that is in quotes. */
export function answerQuoted(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {}
): void {
  response.writeHead(status, {
    'Content-Type': 'application/dicom+json; charset=utf-8',
    ...headers,
  });
  response.end(JSON.stringify(message));
}

/** Answers with a message as `Accept` wants it: plain, or as JSON. [framework] */
export function answerMessage(
  { request, response }: Exchange,
  status: number,
  message: string,
  headers: Record<string, string> = {}
): void {
  const json = acceptLines(request)
    .flatMap(parseMediaRanges)
    .map(range => range.type)
    .find(type => /^(application\/(.+\+)?json|text\/(json|plain)|\*\/\*)$/.test(type));
  if (json === undefined || json === '*/*' || json === 'text/plain') {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
    response.end(message);
    return;
  }
  response.writeHead(status, { 'Content-Type': `${json}; charset=utf-8`, ...headers });
  response.end(JSON.stringify(message));
}
