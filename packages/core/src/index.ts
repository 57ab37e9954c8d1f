export { hasCode, isProjectError, ProjectError } from './errors.ts';
export type { CodedError, ErrorArea, ProjectErrorCode, Retry } from './errors.ts';
export { isUID, MAX_UID_LENGTH, newUID, randomUUID } from './uid.ts';
export { backOffMs, MAX_RETRY_AFTER_MS, parseRetryAfter } from './back-off.ts';
export type { BackOffBounds } from './back-off.ts';
export { sleep, systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { redact, REDACTED, redactURL } from './redact.ts';
export type { FetchLike } from './fetch.ts';
export {
  AZURE_DICOM_AUDIENCE,
  AZURE_DICOM_SCOPE,
  isAzureDicomHost,
} from './azure-dicom-service.ts';
