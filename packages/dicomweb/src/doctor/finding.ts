/** How a check ended. */
export type FindingStatus = 'ok' | 'warn' | 'fail';

/** What is checked, in the order of a report. */
export type CheckName =
  | 'config'
  | 'service-url'
  | 'search-settings'
  | 'discovery'
  | 'redirect-uri'
  | 'sign-in'
  | 'clock'
  | 'cors'
  | 'access-token'
  | 'search'
  | 'retrieve'
  | 'store'
  | 'viewer';

/** The faults that are known by name. Stable: for programs and for the documentation. */
export type FaultName =
  | 'config-missing'
  | 'config-syntax'
  | 'config-fails'
  | 'config-settings'
  | 'service-url-invalid'
  | 'service-url-version'
  | 'service-url-path'
  | 'service-unreachable'
  | 'service-answer'
  | 'wildcard-search'
  | 'discovery-unreachable'
  | 'discovery-answer'
  | 'wrong-tenant'
  | 'client-unknown'
  | 'redirect-uri-unknown'
  | 'redirect-uri-not-spa'
  | 'consent-missing'
  | 'sign-in-refused'
  | 'scope-wrong'
  | 'clock-skew'
  | 'cors-origin'
  | 'cors-authorization'
  | 'cors-content-type'
  | 'cors-accept'
  | 'cors-method'
  | 'cors-identity'
  | 'token-missing'
  | 'token-kind'
  | 'token-expired'
  | 'token-refused'
  | 'wrong-audience'
  | 'scope-missing'
  | 'role-missing'
  | 'role-read-only'
  | 'throttled'
  | 'search-failed'
  | 'retrieve-failed'
  | 'store-failed'
  | 'cleanup-failed'
  | 'viewer-unreachable'
  | 'viewer-files'
  | 'insecure-page'
  | 'not-checked';

/** The outcome of one check: a line of the report. It holds no access token, no account and no patient data. */
export interface Finding {
  readonly check: CheckName;
  readonly status: FindingStatus;
  /** Of `warn` and `fail`. */
  readonly fault?: FaultName;
  /** What was found, one line. */
  readonly message: string;
  /** What to do about it, one line; of `warn` and `fail`. */
  readonly remedy?: string;
}

/** A check that found nothing wrong. */
export const ok = (check: CheckName, message: string): Finding => ({
  check,
  status: 'ok',
  message,
});

/** Something that may be wrong, or could not be checked. */
export const warn = (
  check: CheckName,
  fault: FaultName,
  message: string,
  remedy: string
): Finding => ({ check, status: 'warn', fault, message, remedy });

/** Something that is wrong. */
export const fail = (
  check: CheckName,
  fault: FaultName,
  message: string,
  remedy: string
): Finding => ({ check, status: 'fail', fault, message, remedy });

/** The report as plain text, two lines at most for each finding. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ check, status, message, remedy }) => {
      const line = `${status.padEnd(5)}${check.padEnd(16)}${message}`;
      return remedy ? `${line}\n${' '.repeat(21)}${remedy}` : line;
    })
    .join('\n');
}
