import { text, type TextKey } from '../texts/index.ts';
import { transferSyntaxName } from './transferSyntaxNames.ts';

/** Why something cannot be shown. */
export type Cause =
  | 'signed-out'
  | 'forbidden'
  | 'not-found'
  | 'busy'
  | 'unreachable'
  | 'refused'
  | 'no-decoder'
  | 'no-pixels'
  | 'no-palette'
  | 'not-played'
  | 'unsupported'
  | 'deep-colour'
  | 'blank'
  | 'damaged';

/** What is to be shown: decides the first line. */
export type Subject = 'image' | 'images' | 'document' | 'video' | 'object';

export interface Explanation {
  cause: Cause;
  title: string;
  body: string;
}

/** The browser cannot play it. */
export class VideoNotPlayableError extends Error {
  override readonly name = 'VideoNotPlayableError';
  readonly transferSyntaxUID: string | undefined;

  constructor(transferSyntaxUID: string | undefined) {
    super('The browser does not play this video.');
    this.transferSyntaxUID = transferSyntaxUID;
  }
}

/** The instance came, and what was looked for is not in it. */
export class ContentMissingError extends Error {
  override readonly name = 'ContentMissingError';
}

/** The ends of the codes of `RetrieveError`. */
const BY_CODE: readonly (readonly [end: RegExp, cause: Cause])[] = [
  [/^ERR_AUTH_|_UNAUTHORIZED$/, 'signed-out'],
  [/_FORBIDDEN$/, 'forbidden'],
  [/_NOT_FOUND$/, 'not-found'],
  [/_THROTTLED$/, 'busy'],
  [/_UNREACHABLE$/, 'unreachable'],
  [/_REFUSED$/, 'refused'],
  [/_UNREADABLE$/, 'damaged'],
];

const BY_STATUS: Readonly<Record<number, Cause>> = {
  0: 'unreachable',
  401: 'signed-out',
  403: 'forbidden',
  404: 'not-found',
  429: 'busy',
  503: 'busy',
};

/** What the stock viewer's loader and decoders throw (Cornerstone3D 5.6). */
const BY_MESSAGE: readonly (readonly [message: RegExp, cause: Cause])[] = [
  [/no decoder for transfer syntax/i, 'no-decoder'],
  [/pixel ?data is missing|no pixel data/i, 'no-pixels'],
  [/color palette|palette data/i, 'no-palette'],
  [/failed to fetch|network ?error|load failed/i, 'unreachable'],
];

/** Tells causes apart by code, by status, by the words of the stock loader; what is left came and could not be decoded. */
export function causeOf(problem: unknown): Cause {
  for (const error of chain(problem)) {
    const { code, name, status, httpStatus, request } = error;
    if (name === 'VideoNotPlayableError') return 'not-played';
    if (name === 'ContentMissingError') return 'no-pixels';
    const [, byCode] = BY_CODE.find(([end]) => typeof code === 'string' && end.test(code)) ?? [];
    if (byCode) return byCode;
    const answered = status ?? httpStatus ?? request?.status;
    if (typeof answered === 'number' && answered !== 200) {
      return BY_STATUS[answered] ?? 'refused';
    }
    const message = messageOf(error);
    const [, byMessage] = BY_MESSAGE.find(([pattern]) => pattern.test(message)) ?? [];
    if (byMessage) return byMessage;
  }
  return 'damaged';
}

/** In plain words: what it is, why it cannot be shown, what to do. */
export function explainProblem(problem: unknown, subject: Subject): Explanation {
  const cause = causeOf(problem);
  const syntax = syntaxOf(problem);
  const key: TextKey =
    cause === 'no-decoder' && !syntax ? 'reading.no-decoder.unnamed' : `reading.${cause}`;
  return {
    cause,
    title: text(`reading.${subject}`),
    body: text(key, { syntax: syntax ? transferSyntaxName(syntax) : '' }),
  };
}

/** Objects which the viewer has no way to show. */
export function explainUnsupported(names: readonly string[]): Explanation {
  const list = [...new Set(names)].join(', ');
  return {
    cause: 'unsupported',
    title: text('reading.object'),
    body: text('reading.unsupported', { list }),
  };
}

interface AnyError {
  code?: unknown;
  name?: unknown;
  message?: unknown;
  status?: unknown;
  httpStatus?: unknown;
  request?: { status?: unknown };
  transferSyntaxUID?: unknown;
}

/** An error, what it wraps as `error` (the stock loader), and its causes. */
function* chain(problem: unknown): Generator<AnyError> {
  let error: unknown = problem;
  for (let depth = 0; depth < 5 && error !== undefined && error !== null; depth += 1) {
    if (typeof error !== 'object') {
      yield { message: String(error) };
      return;
    }
    yield error as AnyError;
    const { error: wrapped, cause } = error as { error?: unknown; cause?: unknown };
    error = wrapped ?? cause;
  }
}

function messageOf({ message }: AnyError): string {
  return typeof message === 'string' ? message : '';
}

function syntaxOf(problem: unknown): string | undefined {
  for (const error of chain(problem)) {
    if (typeof error.transferSyntaxUID === 'string') return error.transferSyntaxUID;
    const [uid] = /1\.2\.840\.10008\.1\.2[\d.]*\d/.exec(messageOf(error)) ?? [];
    if (uid) return uid;
  }
  return undefined;
}
