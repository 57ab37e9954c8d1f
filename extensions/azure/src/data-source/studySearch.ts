import { isUID } from '@ohif-azure/core';
import {
  findStudies,
  type DicomJson,
  type DicomwebClient,
  type ExtendedQueryTag,
  type SearchMemory,
  type StudyFilters,
} from '@ohif-azure/dicomweb';
import type { StudyRow, StudySearchParams } from '../ohif.ts';
import { exactQueries, isExactly, wildcardQueries } from './searchQueries.ts';
import { sortRows } from './sortRows.ts';
import { rowOf } from './studyRow.ts';
import type { SearchNotice } from './workListState.ts';

/** What the work list shows and the service returns only when asked. Service documentation, "Search studies". */
const INCLUDE_FIELDS = [
  'StudyDescription',
  'StudyTime',
  'ModalitiesInStudy',
  'NumberOfStudyRelatedInstances',
  'PatientBirthDate',
  'ReferringPhysicianName',
];

export interface StudySearchParts {
  client: DicomwebClient;
  /** Whether the archive knows wildcards; the Azure DICOM service takes them literally. */
  hasWildcards: boolean;
  /** How many studies a search of the work list reads at most. */
  queryLimit: number;
  memory: SearchMemory;
  /** The tags of the service that can be searched; never fails. */
  tags(): Promise<readonly ExtendedQueryTag[]>;
}

export interface FoundRows {
  rows: StudyRow[];
  /** Undefined: everything that was asked for is there. */
  notice?: SearchNotice;
}

/**
 * The viewer's search for studies: of the work list (parts of values, sorted, within the bound), of a study by its UID, and of a patient's
 * other studies (`disableWildcard`). The last two are exact, and no more than a request for each page.
 *
 * @returns an unknown study is an empty list
 * @throws {SearchError} when the service refuses or does not answer
 */
export async function searchStudies(
  parts: StudySearchParts,
  params: StudySearchParams
): Promise<FoundRows> {
  const { client, memory } = parts;
  const uids = splitList(params.studyInstanceUid, /[\s,\\]+/);
  if (uids.length > 0) {
    // A study is opened: the list is asked again when the user comes back to it.
    memory.clear();
    return { rows: await studiesByUID(client, uids.filter(isUID)) };
  }
  if (params.disableWildcard) return { rows: await exactStudies(parts, params) };
  const isAzure = client.dialect === 'azure';
  const found = isAzure ? await findOnAzure(parts, params) : await findOnOthers(parts, params);
  return { ...found, rows: sortRows(found.rows, params.sortBy, params.sortDirection) };
}

/** One search, one page, as the archive has it. */
async function findOnOthers(
  { client, hasWildcards, queryLimit }: StudySearchParts,
  params: StudySearchParams
): Promise<FoundRows> {
  const answers = await Promise.all(
    wildcardQueries(params, hasWildcards).map(filters =>
      client.searchForStudies({ filters, includefield: INCLUDE_FIELDS, limit: queryLimit })
    )
  );
  const rows = rowsOf(answers.flat());
  const isPartial = answers.some(({ length }) => length >= queryLimit);
  return isPartial ? { rows, notice: { kind: 'standard', count: rows.length } } : { rows };
}

async function findOnAzure(
  { client, queryLimit, memory, tags }: StudySearchParts,
  params: StudySearchParams
): Promise<FoundRows> {
  const filters = filtersOf(params);
  const { patientName, patientID, accessionNumber, studyDescription, ...served } = filters;
  const hasOwnTags = Boolean(patientName || patientID || accessionNumber);
  const { studies, isPartial, onRows, lookedAt } = await findStudies(client, filters, {
    includefield: INCLUDE_FIELDS,
    maxStudies: queryLimit,
    tags: hasOwnTags ? await tags() : [],
    memory,
  });
  const rows = rowsOf(studies);
  if (!isPartial) return { rows };
  const isFiltered = Boolean(hasOwnTags || studyDescription || Object.values(served).some(Boolean));
  const kind = onRows.length > 0 ? 'part' : isFiltered ? 'more' : 'newest';
  return { rows, notice: { kind, count: lookedAt, fields: onRows } };
}

function filtersOf(params: StudySearchParams): StudyFilters {
  const modalities = splitList(params.modalitiesInStudy, /[,\\]+/);
  return {
    patientName: params.patientName,
    patientID: params.patientId,
    accessionNumber: params.accessionNumber,
    studyDescription: params.studyDescription,
    ...(modalities.length > 0 && { modalities }),
    from: params.startDate,
    to: params.endDate,
  };
}

async function studiesByUID(client: DicomwebClient, uids: readonly string[]): Promise<StudyRow[]> {
  const found = await Promise.all(
    uids.map(studyInstanceUID =>
      client.searchForStudies({
        filters: { StudyInstanceUID: studyInstanceUID },
        // For the choice of the access token: a share link is for one study.
        studyInstanceUID,
        includefield: INCLUDE_FIELDS,
        limit: 1,
      })
    )
  );
  return rowsOf(found.flat());
}

/**
 * Studies whose values are those that are given, to the letter: the service does not regard case, and other archives take wildcards and
 * lists in a value for what they are, so that what they give is looked at once more. Another patient's studies are never among them.
 */
async function exactStudies(
  { client, queryLimit }: StudySearchParts,
  params: StudySearchParams
): Promise<StudyRow[]> {
  const isAzure = client.dialect === 'azure';
  const found = await Promise.all(
    exactQueries(params, isAzure).map(async filters => {
      const query = { filters, isLiteral: true, includefield: INCLUDE_FIELDS };
      if (!isAzure) return client.searchForStudies({ ...query, limit: queryLimit });
      const studies: DicomJson[] = [];
      for await (const study of client.allStudies(query)) {
        if (studies.push(study) >= queryLimit) break;
      }
      return studies;
    })
  );
  return rowsOf(found.flat()).filter(row => isExactly(row, params));
}

/** Each study once. */
function rowsOf(studies: readonly DicomJson[]): StudyRow[] {
  const rows = studies.map(rowOf);
  return [...new Map(rows.map(row => [row.studyInstanceUid, row])).values()];
}

function splitList(value: string | string[] | undefined, separator: RegExp): string[] {
  return [value ?? []].flat().flatMap(each => each.split(separator).filter(Boolean));
}
