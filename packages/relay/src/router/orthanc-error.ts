import type { Retry } from '@ohif-azure/core';
import { ProjectError } from '@ohif-azure/core';

/**
 * Codes of {@link OrthancError}:
 * - `ERR_RELAY_ORTHANC_UNREACHABLE`: no answer, a cut one, or 5xx from its REST API as a whole;
 * - `ERR_RELAY_ORTHANC_REFUSED`: 401 or 403: the user name or the password is wrong;
 * - `ERR_RELAY_ORTHANC_ANSWER`: an answer that is not what Orthanc gives;
 * - `ERR_RELAY_ORTHANC_INSTANCE`: Orthanc has the instance but cannot give its file, or cannot anonymise it.
 */
export type OrthancErrorCode =
  | 'ERR_RELAY_ORTHANC_UNREACHABLE'
  | 'ERR_RELAY_ORTHANC_REFUSED'
  | 'ERR_RELAY_ORTHANC_ANSWER'
  | 'ERR_RELAY_ORTHANC_INSTANCE';

/** Orthanc did not do what it was asked for. */
export class OrthancError extends ProjectError {
  readonly code: OrthancErrorCode;
  readonly retry: Retry = 'transient';
  /** The instance, for `ERR_RELAY_ORTHANC_INSTANCE`. */
  readonly instance: string | undefined;

  constructor(
    code: OrthancErrorCode,
    message: string,
    options?: ErrorOptions & { readonly instance?: string }
  ) {
    super(message, options);
    this.code = code;
    this.instance = options?.instance;
  }
}
