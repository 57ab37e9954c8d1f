import type { Deployment, DoctorTools } from './deployment.ts';
import type { Finding } from './finding.ts';
import { fail, ok, warn } from './finding.ts';

const GET_ONE =
  'Get one for https://dicom.healthcareapis.azure.com: az account get-access-token --resource=https://dicom.healthcareapis.azure.com';

/**
 * Looks at an access token: its kind, audience, life and scopes. The service is not asked, and nothing is verified.
 * @param accessToken - stands in no finding, and neither do its claims but for audience and scopes.
 */
export function checkAccessToken(
  accessToken: string,
  { dialect }: Deployment,
  tools: DoctorTools
): Finding[] {
  const check = 'access-token';
  const { kind, audience, scopes, permits } = tools.describeToken(accessToken);
  const { code, reason } = permits.search;
  const isFor = audience.length > 0 ? audience.join(', ').slice(0, 200) : 'no audience';
  switch (code) {
    case 'wrong-kind':
      return [
        fail(check, 'token-kind', `This is no access token for the service: ${reason}`, GET_ONE),
      ];
    case 'wrong-audience':
      return [
        fail(
          check,
          'wrong-audience',
          `The access token is for ${isFor}, not for the DICOM service.`,
          'Ask for the scope https://dicom.healthcareapis.azure.com/.default (applications) or .../Dicom.ReadWrite (users), and for no other resource with it.'
        ),
      ];
    case 'expired':
      return [fail(check, 'token-expired', 'The access token has expired.', GET_ONE)];
    case 'not-yet-valid':
      return [
        fail(
          check,
          'clock-skew',
          reason,
          'Set the clock of this machine by the network (NTP), and check its time zone.'
        ),
      ];
  }
  const granted = scopes.join(' ').slice(0, 200) || 'none';
  if (permits.store.code === 'no-write-scope' || /lacks the permission/.test(reason)) {
    return [
      fail(
        check,
        'scope-missing',
        `The access token has not the permission Dicom.ReadWrite (scopes: ${granted}).`,
        'Add the API permission Azure API for DICOM > Dicom.ReadWrite, grant admin consent, and ask for https://dicom.healthcareapis.azure.com/Dicom.ReadWrite.'
      ),
    ];
  }
  if (permits.store.code === 'no-write-role') {
    return [
      warn(
        check,
        'role-read-only',
        'The access token’s role may read, not store.',
        'Assign DICOM Data Owner to those who save reports.'
      ),
    ];
  }
  const rights = dialect === 'azure' ? `, scopes: ${granted}` : '';
  return [ok(check, `${kind}, for ${isFor}${rights}.`)];
}
