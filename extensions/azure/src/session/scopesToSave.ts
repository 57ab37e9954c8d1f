import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { AccessTokens } from './accessTokens.ts';

/** The delegated permission of the DICOM service (azure-dicom-service.md, 5). */
const PERMISSION = 'Dicom.ReadWrite';

/** What a sign-in must ask for in addition, so that its access token may store: nothing, unless it is the scope that is missing. */
export function scopesToSave(
  archive: ArchiveSettings | undefined,
  accessTokens: Pick<AccessTokens, 'choose'>
): string[] {
  if (archive?.audience === undefined) return [];
  const { none } = accessTokens.choose(archive, 'store');
  return none?.remedy === 'step-up' ? [`${archive.audience.replace(/\/$/, '')}/${PERMISSION}`] : [];
}
