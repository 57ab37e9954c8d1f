import type { Claims } from './jwt-claims.ts';
import { member, stringMember } from './jwt-claims.ts';

/** What a share token of orthanc-auth-service says about itself: reference "Token types", 5.1. */
export interface ShareClaims {
  /** StudyInstanceUIDs it is for. */
  readonly studyInstanceUIDs: string[];
  /** It is for something that is not named by a StudyInstanceUID (Orthanc's own id, a series): its studies are not all known. */
  readonly hasOtherResources: boolean;
  /** For example `viewer-instant-link` or `ohif-viewer-publication`. */
  readonly shareType: string | undefined;
  /** Milliseconds; `undefined`: it does not end. */
  readonly expiresAt: number | undefined;
}

/** Looser than PS3.5 9.1: archives hold UIDs with leading zeros, and a link to them must work. */
const UID_CHARACTERS = /^[0-9.]{1,64}$/;

/** ISO 8601 without a time zone is UTC here: that is how the service reads it back. */
function parseExpiration(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(value);
  const ms = Date.parse(hasZone || !value.includes('T') ? value : `${value}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

export function readShareClaims(claims: Claims): ShareClaims {
  const resources = member(claims, 'resources');
  const studyInstanceUIDs = new Set<string>();
  let hasOtherResources = false;
  for (const resource of Array.isArray(resources) ? resources : []) {
    if (typeof resource !== 'object' || resource === null) continue;
    const level = (stringMember(resource, 'level') ?? 'study').toLowerCase();
    const uid = stringMember(resource, 'dicom_uid');
    if (level === 'study' && uid !== undefined && UID_CHARACTERS.test(uid)) {
      studyInstanceUIDs.add(uid);
    } else hasOtherResources = true;
  }
  return {
    studyInstanceUIDs: [...studyInstanceUIDs],
    hasOtherResources,
    shareType: stringMember(claims, 'type'),
    expiresAt: parseExpiration(member(claims, 'expiration_date')),
  };
}
