import { isAzureDicomHost } from '@ohif-azure/core';
import type { Finding } from './finding.ts';
import { fail, ok } from './finding.ts';

const EXPECTED = 'https://<workspace>-<service>.dicom.azurehealthcareapis.com/v2';
const ROOT = /^\/v[12](\/partitions\/[\w.-]{1,64})?$/;

/**
 * Checks the service's address as it is used: origin, version, and the partition where there is one. Nothing is asked.
 * @param serviceUrl - the DICOMweb root.
 * @param dialect - of another archive any path will do.
 */
export function checkServiceUrl(serviceUrl: string, dialect: 'azure' | 'standard'): Finding {
  const check = 'service-url';
  const url = URL.canParse(serviceUrl) ? new URL(serviceUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    return fail(
      check,
      'service-url-invalid',
      'The service’s address is no plain http(s) URL.',
      `Use ${EXPECTED}.`
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  const isAzure = dialect === 'azure' || isAzureDicomHost(url.hostname);
  if (isAzure && path === '') {
    return fail(
      check,
      'service-url-version',
      `${url.origin} has no version.`,
      `Add /v2: ${url.origin}/v2. (In azure.js, serviceUrl is the origin alone; the version is apiVersion.)`
    );
  }
  if (isAzure && !ROOT.test(path)) {
    return fail(
      check,
      'service-url-path',
      `The path ${path} is not one of the service.`,
      `Use ${url.origin}/v2, or ${url.origin}/v2/partitions/<name> where data partitions are enabled.`
    );
  }
  return ok(check, `${url.origin}${path}`);
}
