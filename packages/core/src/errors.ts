/**
 * What a caller may do about a failure.
 * - `transient`: nothing was changed; the same request may succeed later.
 * - `ambiguous`: it is not known whether the request was carried out; ask before sending it again.
 * - `permanent`: the same request will fail again; something has to change first.
 */
export type Retry = 'transient' | 'ambiguous' | 'permanent';

/** The parts of the project that raise errors, as they stand in a code after `ERR_`. */
export type ErrorArea =
  | 'AUTH'
  | 'CLI'
  | 'CONFIG'
  | 'DELETE'
  | 'DICOM'
  | 'DICOMWEB'
  | 'DRAFT'
  | 'EMULATOR'
  | 'RELAY'
  | 'REPORT'
  | 'RETRIEVE'
  | 'SEARCH'
  | 'STORE';

/**
 * Every code of the project: `ERR_<AREA>_<WHAT>`. Codes are stable and documented; message texts are not.
 * Each package narrows this to a closed union of its own (for example `StoreErrorCode`), so that `switch (error.code)` is checked.
 */
export type ProjectErrorCode = `ERR_${ErrorArea}_${string}`;

/**
 * Base of all errors that users of the packages handle. Mistakes of the programmer stay `TypeError`.
 *
 * An instance never holds a query string, a header value, an access token or patient data: not in its message, not in a property.
 */
export abstract class ProjectError extends Error {
  /** Stable; tell errors apart by this (see {@link hasCode}), never by the message or by `instanceof` across bundles. */
  abstract readonly code: ProjectErrorCode;
  /** What a caller may do about it. */
  abstract readonly retry: Retry;

  /**
   * @param message - `what failed, on what: expected or found`, without secrets and patient data.
   * @param options - `cause`: the error behind this one; it is always kept.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // Minifiers rename classes; the name of the class is not part of the contract, the code is.
    this.name = 'ProjectError';
  }
}

/** An error of the project as any bundle sees it. */
export interface CodedError<Code extends ProjectErrorCode = ProjectErrorCode> extends Error {
  readonly code: Code;
  readonly retry: Retry;
}

/** Tells whether `error` is an error of this project, also when it comes from another bundle or realm. */
export function isProjectError(error: unknown): error is CodedError {
  if (typeof error !== 'object' || error === null) return false;
  const { code, retry, message } = error as Record<string, unknown>;
  return (
    typeof code === 'string' &&
    /^ERR_[A-Z]+_[A-Z0-9_]+$/.test(code) &&
    typeof message === 'string' &&
    (retry === 'transient' || retry === 'ambiguous' || retry === 'permanent')
  );
}

/**
 * Tells whether `error` carries this code, also when it comes from another bundle or realm
 * (the OHIF extension is bundled apart, so `instanceof` would fail there).
 */
export function hasCode<Code extends ProjectErrorCode>(
  error: unknown,
  code: Code
): error is CodedError<Code> {
  return isProjectError(error) && error.code === code;
}
