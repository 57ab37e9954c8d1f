import type { CheckName, Finding } from './finding.ts';
import { fail, warn } from './finding.ts';

/** What an answer of the service that is no success stands for, whatever was asked. @see service documentation, 401 and 403 */
export function refusedAnswer(
  check: CheckName,
  response: Response,
  text: string,
  { isWrite, hasToken }: { isWrite: boolean; hasToken: boolean }
): Finding | undefined {
  const { status } = response;
  const challenge = response.headers.get('www-authenticate') ?? '';
  const said = /error_description="([^"]*)"/.exec(challenge)?.[1] ?? '';
  if (status === 401 && !hasToken) {
    return warn(
      check,
      'token-missing',
      'The service wants an access token, and there is none.',
      'Set DICOM_ACCESS_TOKEN (az account get-access-token --resource=https://dicom.healthcareapis.azure.com), or client credentials.'
    );
  }
  if (status === 401 && /audience/.test(said)) {
    return fail(
      check,
      'wrong-audience',
      'The service says that the access token is for another audience.',
      'Ask for the scope https://dicom.healthcareapis.azure.com/.default (applications) or .../Dicom.ReadWrite (users).'
    );
  }
  if (status === 401 && /issuer/.test(said)) {
    return fail(
      check,
      'wrong-tenant',
      'The service says that the access token is of another tenant.',
      'Sign in at the tenant of the service: set tenantId, or the tenant in the token endpoint.'
    );
  }
  if (status === 401 && /expired/.test(said)) {
    return fail(
      check,
      'token-expired',
      'The service says that the access token has expired.',
      'Get a new one; if it is new, set the clock of this machine.'
    );
  }
  if (status === 401 && /not valid before/.test(said)) {
    return fail(
      check,
      'clock-skew',
      'The service says that the access token is not valid yet.',
      'Set the clock of the machine that issues it, and of this one, by the network (NTP).'
    );
  }
  if (status === 401) {
    return fail(
      check,
      'token-refused',
      'The service does not accept the access token (401).',
      'Check tenant and scope; see what it is with: ohif-azure token.'
    );
  }
  if (status === 403 && isWrite) {
    return fail(
      check,
      'role-read-only',
      'The account may not store (403): its role is not DICOM Data Owner, or not in effect yet.',
      'On the DICOM service: Access control (IAM) > Add role assignment > DICOM Data Owner. A new role may take five minutes; then try again.'
    );
  }
  if (status === 403) {
    return fail(
      check,
      'role-missing',
      'The account has no role at the service, or a new one is not in effect yet (403).',
      'On the DICOM service: Access control (IAM) > Add role assignment > DICOM Data Owner, or DICOM Data Reader to view. It may take five minutes; then try again.'
    );
  }
  if (status === 429 || status === 503) {
    return warn(check, 'throttled', `The service is overloaded (${status}).`, 'Try again later.');
  }
  if (/partition/i.test(text) && (status === 400 || status === 404)) {
    return fail(
      check,
      'service-url-path',
      `The service answers ${status}: its address lacks the data partition, or names one that it has not.`,
      'Add /partitions/<name> to the service’s address (in azure.js: partition).'
    );
  }
  if (status === 404 && check === 'search') {
    return fail(
      check,
      'service-url-path',
      'The service answers 404: this is not the root of a DICOM service.',
      'Use https://<workspace>-<service>.dicom.azurehealthcareapis.com/v2.'
    );
  }
  return undefined;
}
