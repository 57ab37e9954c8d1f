/** A study, a series of it, or an instance of that. */
export interface ResourceUIDs {
  readonly studyInstanceUID?: string;
  readonly seriesInstanceUID?: string;
  readonly sopInstanceUID?: string;
}

/**
 * What may stand for a UID in a path. More than PS3.5 9.1 allows (leading zeros are found in old archives, and the Azure DICOM service takes
 * them), but nothing that could change the path.
 */
const UID_IN_PATH = /^[0-9.]{0,63}[0-9]$/;

/** Tells whether `uid` can stand in a path. */
export function isPathUID(uid: string | undefined): uid is string {
  return uid !== undefined && UID_IN_PATH.test(uid);
}

function segment(name: string, value: string): string {
  if (!isPathUID(value)) {
    throw new TypeError(`${name}: expected a UID of at most 64 digits and dots (PS3.5 9.1)`);
  }
  return value;
}

/**
 * `/studies/{study}/series/{series}/instances/{instance}` as far as the UIDs go.
 * @throws TypeError when a UID is not one, or when an inner UID stands without its outer one.
 * @see PS3.18 10.1
 */
export function resourcePath(uids: ResourceUIDs): string {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = uids;
  let path = '/studies';
  if (studyInstanceUID !== undefined) path += `/${segment('studyInstanceUID', studyInstanceUID)}`;
  if (seriesInstanceUID !== undefined) {
    if (studyInstanceUID === undefined) throw new TypeError('seriesInstanceUID without its study');
    path += `/series/${segment('seriesInstanceUID', seriesInstanceUID)}`;
  }
  if (sopInstanceUID !== undefined) {
    if (seriesInstanceUID === undefined) throw new TypeError('sopInstanceUID without its series');
    path += `/instances/${segment('sopInstanceUID', sopInstanceUID)}`;
  }
  return path;
}

/**
 * The DICOMweb root without a slash at its end. A path alone is taken relative to the page's origin.
 * @throws TypeError when it is not an HTTP address, or has a user, a password, a query string or a fragment.
 */
export function serviceRoot(serviceUrl: string): string {
  const page = (globalThis as { location?: { href?: string } }).location?.href;
  let url: URL;
  try {
    url = new URL(serviceUrl, page);
  } catch {
    throw new TypeError('serviceUrl: expected an absolute URL, like https://host/v2');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError('serviceUrl: expected an http or https URL');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new TypeError('serviceUrl: expected a URL without user, password, query and fragment');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
