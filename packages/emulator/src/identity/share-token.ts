import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

/** The kind of link that Orthanc Explorer 2 makes to open a study in a viewer. */
export const DEFAULT_SHARE_TOKEN_TYPE = 'viewer-instant-link';
/** Orthanc Explorer 2's default for `Tokens.InstantLinksValidity`, in seconds. */
export const DEFAULT_SHARE_VALIDITY_SECONDS = 200;

/** What a share token is for. */
export interface ShareTokenOptions {
  /** The `SECRET_KEY` shared with whoever checks the share token. */
  readonly secret: string;
  readonly studyInstanceUID: string;
  /** Orthanc's own id of the study; default none (`null`). */
  readonly orthancId?: string;
  /** Default {@link DEFAULT_SHARE_TOKEN_TYPE}. */
  readonly type?: string;
  /** Default {@link DEFAULT_SHARE_VALIDITY_SECONDS}; `null`: never expires. */
  readonly validitySeconds?: number | null;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Makes a share token as orthanc-auth-service does: an HS256 JWT that names its study in `resources` and its end in
 * `expiration_date`, without `exp`, `iat`, `iss`, `aud` and `sub`. It permits to search and retrieve that study.
 * @returns the compact JWT, for `?token=` in a link to the viewer.
 * @throws {TypeError} when the secret or the study's UID is empty, or the validity is not a positive number.
 * @see orthanc-auth-service, `TokenCreationRequest` (models.py).
 */
export async function createShareToken(options: ShareTokenOptions): Promise<string> {
  const { secret, studyInstanceUID, orthancId, now = Date.now } = options;
  const { type = DEFAULT_SHARE_TOKEN_TYPE, validitySeconds = DEFAULT_SHARE_VALIDITY_SECONDS } =
    options;
  if (secret === '') throw new TypeError('secret: expected a text, found an empty one');
  if (!/^[\d.]{1,64}$/.test(studyInstanceUID)) {
    throw new TypeError('studyInstanceUID: expected a UID (PS3.5 section 9.1)');
  }
  if (validitySeconds !== null && !(validitySeconds > 0 && Number.isFinite(validitySeconds))) {
    throw new TypeError(
      `validitySeconds: expected a number above 0 or null, found ${validitySeconds}`
    );
  }
  const expirationDate =
    validitySeconds === null ? null : new Date(now() + validitySeconds * 1000).toISOString();
  return new SignJWT({
    id: randomUUID(),
    resources: [
      {
        dicom_uid: studyInstanceUID,
        orthanc_id: orthancId ?? null,
        url: null,
        level: 'study',
      },
    ],
    type,
    expiration_date: expirationDate,
    validity_duration: validitySeconds,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}
