/**
 * Why a request got no answer of the DICOM service; for the log and for tests:
 * - `no-credentials`: the caller has not presented what the relay asks for;
 * - `bad-request`: the request is not one that can be passed on;
 * - `empty-body`: a Store request without any part;
 * - `reused-boundary`: a Store request with the boundary of one that failed (Orthanc's "Resubmit");
 * - `malformed-body`: the body of a Store request is not what its Content-Type says, or an instance not what its Transfer Syntax says;
 * - `access-token`: the identity provider gave no access token;
 * - `access-token-refused`: the DICOM service does not take the access token;
 * - `redirect`: the DICOM service points elsewhere;
 * - `not-connected`: there was no connection, so that nothing was done;
 * - `unreachable`: the connection broke before the answer;
 * - `timeout`: nothing moved for too long;
 * - `unreadable-answer`: the answer to a Store request cannot be read, or came before the body was sent;
 * - `service`: the DICOM service answered with a status that is a failure;
 * - `stopping`: the relay is about to stop.
 */
export type RefusalReason =
  | 'no-credentials'
  | 'bad-request'
  | 'empty-body'
  | 'reused-boundary'
  | 'malformed-body'
  | 'access-token'
  | 'access-token-refused'
  | 'redirect'
  | 'not-connected'
  | 'unreachable'
  | 'timeout'
  | 'unreadable-answer'
  | 'service'
  | 'stopping';

/** A request that the relay answers itself, in plain words. Internal: it ends as the answer to the caller. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: RefusalReason;
  readonly headers: Readonly<Record<string, string>>;

  /** @param text - the answer's body; without secrets and patient data. */
  constructor(
    status: number,
    reason: RefusalReason,
    text: string,
    options: ErrorOptions & { readonly headers?: Readonly<Record<string, string>> } = {}
  ) {
    super(text, options);
    this.status = status;
    this.reason = reason;
    this.headers = options.headers ?? {};
  }
}

/** To a caller whose request was refused for the relay's access token, also for a new one. */
export const ACCESS_TOKEN_NOT_TAKEN = new Refusal(
  403,
  'access-token-refused',
  'The DICOM service does not take the access token of the relay (401), also not a new one; check the token endpoint, the scope and the role of the application.'
);
