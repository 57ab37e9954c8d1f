import type { FetchLike } from '@ohif-azure/core';
import type { ArchiveSettings } from '@ohif-azure/core/settings';

/**
 * What an archive says of the person an access token is of:
 * - `may-store`: its permissions hold `upload` or `all`;
 * - `view-only`: they hold neither;
 * - `anonymous`: the archive takes the access token for nobody's (it has ended by the archive's clock, or is of another realm);
 * - `not-offered`: the archive has no such question, or did not answer it in time. Then the archive decides at the Store transaction.
 */
export type StorePermission = 'may-store' | 'view-only' | 'anonymous' | 'not-offered';

/**
 * Asks an archive what an access token's user may do: one request for each access token, however often it is asked. Never rejects.
 *
 * @param accessToken - of a user; never a share link's, and never an ID token
 */
export type AskStorePermission = (
  archive: ArchiveSettings,
  accessToken: string
) => Promise<StorePermission>;

/** How long an answer is waited for, in milliseconds; a save waits no longer for it. */
export const PROFILE_TIMEOUT_MS = 5000;

/** An answer that is longer is none of an authorization plugin. */
const MAX_PROFILE_CHARACTERS = 65_536;

/** Any of these lets a user store: the plugin's default table, `POST ^/DICOM_WEB_ROOT/studies` needs `all|upload`. */
const STORE_PERMISSIONS = ['all', 'upload'];

/** The name in `anonymous-profile.json` of orthanc-auth-service, for whoever it does not know. */
const NOBODY = 'Anonymous';

/**
 * Where an Orthanc with the authorization plugin tells the user's profile: beside its DICOMweb root, and therefore at the same origin.
 *
 * @returns undefined for the Azure DICOM service, which has no such question
 * @see orthanc-authorization 0.5.0, "new GET auth/user/profile REST API route"
 */
export function profileURL({ dialect, dicomwebRoot }: ArchiveSettings): string | undefined {
  return dialect === 'azure' ? undefined : new URL('../auth/user/profile', `${dicomwebRoot}/`).href;
}

/** @param fetch - default: the browser's */
export function createAskStorePermission(
  fetch: FetchLike = (input, init) => globalThis.fetch(input, init),
  timeoutMs: number = PROFILE_TIMEOUT_MS
): AskStorePermission {
  /** By the address asked; of the newest access token only. */
  const asked = new Map<string, { accessToken: string; answer: Promise<StorePermission> }>();
  return (archive, accessToken) => {
    const url = profileURL(archive);
    if (url === undefined) return Promise.resolve('not-offered');
    const last = asked.get(url);
    if (last?.accessToken === accessToken) return last.answer;
    const answer = askProfile(fetch, url, accessToken, timeoutMs);
    asked.set(url, { accessToken, answer });
    return answer;
  };
}

async function askProfile(
  fetch: FetchLike,
  url: string,
  accessToken: string,
  timeoutMs: number
): Promise<StorePermission> {
  try {
    const answer = await fetch(url, {
      headers: { Accept: 'application/json', Authorization: `Bearer ${accessToken}` },
      credentials: 'omit',
      cache: 'no-store',
      // Followed, a redirect would take the access token along to wherever it leads.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.status === 200 ? readProfile(await answer.text()) : 'not-offered';
  } catch {
    return 'not-offered';
  }
}

/** A site that answers every address with a page of its own is no authorization plugin. */
function readProfile(body: string): StorePermission {
  if (body.length > MAX_PROFILE_CHARACTERS) return 'not-offered';
  const profile: unknown = JSON.parse(body);
  if (typeof profile !== 'object' || profile === null) return 'not-offered';
  const { name, permissions } = profile as { name?: unknown; permissions?: unknown };
  if (!Array.isArray(permissions)) return 'not-offered';
  // Before the permissions: what anybody may do is not what was asked.
  if (name === NOBODY) return 'anonymous';
  return permissions.some(each => STORE_PERMISSIONS.includes(each as string))
    ? 'may-store'
    : 'view-only';
}
