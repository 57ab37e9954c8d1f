import { AZURE_DICOM_AUDIENCE } from '@ohif-azure/core';

/** The DICOM service an access token is meant for. */
export interface ServiceIdentity {
  /**
   * What `aud` must hold. Default: {@link AZURE_DICOM_AUDIENCE} for the dialect `azure`; not checked for `standard`.
   * @see RFC 7519 4.1.3
   */
  readonly audience?: string | readonly string[];
  /** `azure`: the Azure DICOM service, or what imitates it; `standard`: any other DICOMweb server. */
  readonly dialect: 'azure' | 'standard';
}

/** The application id of the same ("Azure API for DICOM"); it is the `aud` of access tokens in the format 2.0. */
const AZURE_DICOM_APPLICATION_ID = '75e725bf-66ce-4cea-9b9a-5c4caae57f33';

const withoutSlash = (audience: string): string => audience.replace(/\/$/, '');

/** All spellings of the service's audience, without a slash at the end; empty: not checked. */
export function expectedAudiences(service: ServiceIdentity): ReadonlySet<string> {
  const given = service.audience ?? (service.dialect === 'azure' ? AZURE_DICOM_AUDIENCE : []);
  const audiences = new Set((typeof given === 'string' ? [given] : given).map(withoutSlash));
  audiences.delete('');
  if (audiences.has(AZURE_DICOM_AUDIENCE)) audiences.add(AZURE_DICOM_APPLICATION_ID);
  return audiences;
}

/** Tells whether one of `audiences` (claim `aud`) is the service's; `undefined` where the service's is not known. */
export function isAudienceOf(
  service: ServiceIdentity,
  audiences: readonly string[]
): boolean | undefined {
  const expected = expectedAudiences(service);
  if (expected.size === 0) return undefined;
  return audiences.some(audience => expected.has(withoutSlash(audience)));
}
