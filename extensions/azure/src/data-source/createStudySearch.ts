import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { createSearchMemory, type DicomwebClient } from '@ohif-azure/dicomweb';
import type { Services, StudyRow, StudySearchParams } from '../ohif.ts';
import type { AccessTokens } from '../session/accessTokens.ts';
import { searchTags } from './searchTags.ts';
import { searchStudies } from './studySearch.ts';
import { hidesRows, modalitiesRow } from './workListColumns.ts';
import { workListState } from './workListState.ts';

export interface StudySearch {
  /** See {@link searchStudies}; a search of the work list tells the page what it does not show. */
  searchStudies(params: StudySearchParams): Promise<StudyRow[]>;
  /** Something was stored: the next search reads the archive. */
  forget(): void;
}

/** The searches of one data source, with what they remember. */
export function createStudySearch({
  archive,
  client,
  hasWildcards,
  accessTokens,
  customizations,
}: {
  archive: ArchiveSettings;
  client: DicomwebClient;
  hasWildcards: boolean;
  accessTokens: Pick<AccessTokens, 'choose'>;
  customizations: Services['customizationService'];
}): StudySearch {
  const { sourceName, queryLimit } = archive;
  const memory = createSearchMemory();
  const parts = { client, hasWildcards, queryLimit, memory, tags: searchTags(client) };
  /** What was found with one access token is not shown to who has another. */
  let askedWith: string | undefined;
  const modalities = new Set<string>();
  /** Of the search that was asked last: an earlier one that ends later says nothing of the list that is shown. */
  let latest = 0;
  return {
    async searchStudies(params) {
      const accessToken = accessTokens.choose(archive, 'search').token?.value;
      if (accessToken !== askedWith) memory.clear();
      askedWith = accessToken;
      const isOfWorkList = params.studyInstanceUid === undefined && !params.disableWildcard;
      const number = ++latest;
      // What was said stays until there is something else to say: the list would jump.
      const said = workListState.get();
      if (!isOfWorkList) workListState.set({});
      else if (said.sourceName !== sourceName) workListState.set({ sourceName });
      const { rows, notice } = await searchStudies(parts, params);
      if (isOfWorkList && number === latest) workListState.set({ sourceName, notice });
      if (!isOfWorkList) return rows;
      for (const row of rows) row.modalities.split('\\').forEach(each => modalities.add(each));
      const isChoosing = (params.modalitiesInStudy ?? []).length > 0;
      return isChoosing && hidesRows(customizations) ? [...rows, modalitiesRow(modalities)] : rows;
    },
    forget: () => memory.clear(),
  };
}
