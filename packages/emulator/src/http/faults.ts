/** A fault to inject, as `POST /_test/faults` takes it. */
export interface Fault {
  match: FaultMatch;
  /** HTTP status of the injected answer, 200 to 599. Without it the request is carried out. */
  status?: number;
  /** Headers of the injected answer. Needs `status`. */
  headers?: Record<string, string>;
  /** Body of the injected answer. Needs `status`. */
  body?: string;
  /** Milliseconds to wait before anything else happens. */
  delayMs?: number;
  /** Cuts the line after so many bytes of the request's body; the request is not carried out. */
  dropAfterBytes?: number;
  /**
   * Carries the request out and cuts the line after so many bytes of the answer's body;
   * 0 cuts it before the status line.
   */
  dropAnswerAfterBytes?: number;
  /** How many requests it applies to; unlimited by default. */
  times?: number;
}

/** Which requests a fault applies to; each absent field matches every request. */
export interface FaultMatch {
  /** Compared without case. A fault without it leaves `OPTIONS` (preflight) alone. */
  method?: string;
  /** Regular expression, tried on the path without the query. */
  path?: RegExp;
}

/** The body of `POST /_test/faults` is wrong. The message names the field. */
export class FaultFormatError extends Error {
  override readonly name = 'FaultFormatError';
}

const FIELDS = new Set([
  'match',
  'status',
  'headers',
  'body',
  'delayMs',
  'dropAfterBytes',
  'dropAnswerAfterBytes',
  'times',
]);
const EFFECTS = ['status', 'delayMs', 'dropAfterBytes', 'dropAnswerAfterBytes'] as const;

/**
 * Reads a fault.
 *
 * @param json - the request's body.
 * @throws {FaultFormatError} when it is not JSON or a field is wrong.
 */
export function parseFault(json: string): Fault {
  const raw = asObject(parseJson(json), 'The fault');
  for (const field of Object.keys(raw)) {
    if (!FIELDS.has(field)) throw new FaultFormatError(`The field '${field}' is not known.`);
  }
  const fault: Fault = {
    match: parseMatch(raw.match),
    status: integer(raw, 'status', 200, 599),
    headers: stringRecord(raw.headers, 'headers'),
    body: text(raw.body, 'body'),
    delayMs: integer(raw, 'delayMs', 0),
    dropAfterBytes: integer(raw, 'dropAfterBytes', 0),
    dropAnswerAfterBytes: integer(raw, 'dropAnswerAfterBytes', 0),
    times: integer(raw, 'times', 1),
  };
  if (fault.status === undefined && (fault.headers || fault.body !== undefined)) {
    throw new FaultFormatError(`The field 'status' is needed with 'headers' or 'body'.`);
  }
  if (EFFECTS.every(field => fault[field] === undefined)) {
    throw new FaultFormatError(`One of the fields ${EFFECTS.join(', ')} is needed.`);
  }
  return fault;
}

/** Takes the first fault that matches, and counts its `times` down. */
export function takeFault(faults: Fault[], method: string, path: string): Fault | undefined {
  const index = faults.findIndex(fault => matches(fault.match, method, path));
  const fault = faults[index];
  if (!fault) return undefined;
  if (fault.times !== undefined) {
    fault.times -= 1;
    if (fault.times === 0) faults.splice(index, 1);
  }
  return fault;
}

function matches(match: FaultMatch, method: string, path: string): boolean {
  const methodMatches =
    match.method === undefined ? method !== 'OPTIONS' : match.method.toUpperCase() === method;
  return methodMatches && (match.path === undefined || match.path.test(path));
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new FaultFormatError('The body is not JSON.', { cause });
  }
}

function parseMatch(value: unknown): FaultMatch {
  const raw = asObject(value, `The field 'match'`);
  for (const field of Object.keys(raw)) {
    if (field !== 'method' && field !== 'path') {
      throw new FaultFormatError(`The field 'match.${field}' is not known.`);
    }
  }
  const path = text(raw.path, 'match.path');
  try {
    return {
      method: text(raw.method, 'match.method'),
      path: path === undefined ? undefined : new RegExp(path),
    };
  } catch (cause) {
    if (cause instanceof FaultFormatError) throw cause;
    throw new FaultFormatError(`The field 'match.path' is not a regular expression.`, { cause });
  }
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FaultFormatError(`${what} must be an object.`);
  }
  return value as Record<string, unknown>;
}

function text(value: unknown, field: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new FaultFormatError(`The field '${field}' must be a string.`);
}

function integer(
  raw: Record<string, unknown>,
  field: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER
): number | undefined {
  const value = raw[field];
  if (value === undefined) return undefined;
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) {
    return Number(value);
  }
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `${least} to ${most}`;
  throw new FaultFormatError(`The field '${field}' must be an integer ${range}.`);
}

function stringRecord(value: unknown, field: string): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  const raw = asObject(value, `The field '${field}'`);
  const entries = Object.entries(raw).map(([name, one]) => {
    if (typeof one !== 'string') {
      throw new FaultFormatError(`The field '${field}.${name}' must be a string.`);
    }
    return [name, one] as const;
  });
  return Object.fromEntries(entries);
}
