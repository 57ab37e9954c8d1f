/**
 * An error of the service on its way to the wire: plain text, or nothing at all, and a status.
 * The texts are the service's own. [reference 0.A, 0.5, 0.6]
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** @param text - the answer's body; `''` for none. */
  constructor(status: number, text: string, headers: Record<string, string> = {}) {
    super(text);
    this.status = status;
    this.headers = headers;
  }
}

/** 400: the request is wrong. */
export const badRequest = (text: string) => new ServiceError(400, text);

/** 404 of a route which does not exist. */
export const noSuchRoute = () => new ServiceError(404, '');

/** 406 of the filter before JSON transactions: empty. */
export const notAcceptableFilter = () => new ServiceError(406, '');

/** 406 of Retrieve. */
export const notAcceptable = (text = 'The request headers are not acceptable') =>
  new ServiceError(406, text);

/** 404 of a study, series, instance or frame. */
export const notFound = (what: 'study' | 'series' | 'instance' | 'frame') =>
  new ServiceError(404, `The specified ${what} cannot be found.`);

/** 415 with the content type which is not supported. */
export const unsupportedContentType = (contentType: string) =>
  new ServiceError(415, `The specified content type '${contentType}' is not supported.`);

/** 501: the service has it, this emulator does not. */
export const notEmulated = (feature: string) =>
  new ServiceError(501, `This emulator does not have ${feature}.`);

/** 503: the disk is full, or fails otherwise. [reference 0.A, `DataStoreException`] */
export const dataStoreFailed = () => new ServiceError(503, 'The data store operation failed.');

/** 500 text for everything unexpected. */
export const INTERNAL_ERROR_TEXT =
  'The server encountered an internal error. Please retry the request. If the issue persists, please contact support.';
