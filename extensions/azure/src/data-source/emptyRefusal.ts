import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { SearchError } from '@ohif-azure/dicomweb';
import type { StudyRow, StudySearchParams } from '../ohif.ts';
import type { AccessTokens } from '../session/accessTokens.ts';

/**
 * The rows of a search, unless having none is a refusal. Since 0.9.2 Orthanc's authorization plugin answers a search that a link may not
 * make (it has expired, say) with an empty list in place of 403, so that a search for prior studies is no error. For the study that the
 * link is for, an empty list means that the link no longer opens it, or that the study is gone.
 *
 * @throws {SearchError} ERR_SEARCH_FORBIDDEN: nothing was found of the study that was asked for by a link's token
 */
export function unlessRefused(
  rows: StudyRow[],
  { studyInstanceUid }: StudySearchParams,
  archive: ArchiveSettings,
  accessTokens: Pick<AccessTokens, 'choose'>
): StudyRow[] {
  const [study] = [studyInstanceUid ?? []].flat();
  if (rows.length > 0 || study === undefined || archive.dialect === 'azure') return rows;
  if (accessTokens.choose(archive, 'search', study).token?.source !== 'share') return rows;
  throw new SearchError(
    'ERR_SEARCH_FORBIDDEN',
    'QIDO-RS GET /studies: an empty list for the study of the link, expected one study'
  );
}
