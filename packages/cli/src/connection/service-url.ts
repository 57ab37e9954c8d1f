import { isAzureDicomHost } from '@ohif-azure/core';
import { isLoopback } from '@ohif-azure/core/settings';
import { UsageError } from '../usage-error.ts';

/** The variable that names the service where `--service` does not. */
export const SERVICE_VARIABLE = 'DICOM_SERVICE_URL';

/** The DICOM service of a command. */
export interface Service {
  /** The DICOMweb root, without a slash at its end. */
  readonly url: string;
  /** `azure`: hosts of Azure, and roots with its versions (`/v1`, `/v2`), as the emulator has. */
  readonly dialect: 'azure' | 'standard';
  readonly isLoopback: boolean;
}

const EXAMPLE = 'https://<workspace>-<service>.dicom.azurehealthcareapis.com/v2';
const AZURE_PATH = /^\/v[12](\/partitions\/[\w.-]+)?$/;

/**
 * Reads the service's address.
 * @param option - value of `--service`.
 * @throws {UsageError} when it is missing or no DICOMweb root; the message says what was expected.
 */
export function readService(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>
): Service {
  const given = option ?? env[SERVICE_VARIABLE]?.trim();
  const name = option === undefined ? SERVICE_VARIABLE : '--service';
  if (!given) {
    throw new UsageError(
      `Which DICOM service? Add --service <url> or set ${SERVICE_VARIABLE}, for example ${EXAMPLE}`
    );
  }
  const wrong = (found: string) =>
    new UsageError(`${name}: ${found}; expected an address such as ${EXAMPLE}`);
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) throw wrong('this is no http(s) URL');
  const url = new URL(given);
  if (url.username || url.password) throw wrong('it has a user name or a password');
  if (url.search || url.hash) throw wrong('it has a query string or a fragment');
  const path = url.pathname.replace(/\/+$/, '');
  const isAzure = isAzureDicomHost(url.hostname);
  if (isAzure && !AZURE_PATH.test(path)) {
    throw wrong(
      path === '' ? 'the version is missing (/v2)' : `the path ${path} is not one of the service`
    );
  }
  return {
    url: `${url.origin}${path}`,
    dialect: isAzure || AZURE_PATH.test(path) ? 'azure' : 'standard',
    isLoopback: isLoopback(url.hostname),
  };
}
