import { isUID } from '@ohif-azure/core';
import {
  personNameOf,
  stringOf,
  stringsOf,
  type DicomJson,
  type DicomwebClient,
  type Keyword,
} from '@ohif-azure/dicomweb';
import type { StudyRow, StudySearchParams } from '../ohif.ts';

/** What the work list shows and the service returns only when asked. Service documentation, "Search studies". */
const INCLUDE_FIELDS = [
  'StudyDescription',
  'StudyTime',
  'ModalitiesInStudy',
  'NumberOfStudyRelatedInstances',
  'PatientBirthDate',
  'ReferringPhysicianName',
];
/** The service's page limit. */
const MAX_PAGE = 200;

/**
 * The work list's search in the terms of the Azure DICOM service: whole values, word prefixes for names,
 * several modalities as several searches.
 *
 * @returns rows as the stock viewer expects them; an unknown study is an empty list
 * @throws {SearchError} when the service refuses or does not answer
 */
export async function searchStudies(
  client: DicomwebClient,
  params: StudySearchParams,
  hasWildcards = false
): Promise<StudyRow[]> {
  const studies = await Promise.all(
    searches(params, hasWildcards).map(filters =>
      client.searchForStudies({
        filters,
        // For the choice of the access token: a share link is for one study.
        studyInstanceUID: filters.StudyInstanceUID,
        fuzzymatching: !hasWildcards && 'PatientName' in filters,
        includefield: INCLUDE_FIELDS,
        limit: Math.min(params.limit ?? 101, MAX_PAGE),
        offset: params.offset ?? 0,
      })
    )
  );
  const rows = new Map(
    studies.flat().map(study => [stringOf(study, 'StudyInstanceUID'), toRow(study)])
  );
  return [...rows.values()];
}

/**
 * One set of filters per search that has to be made.
 *
 * @param hasWildcards - whether the archive knows them; the Azure DICOM service takes them literally
 */
export function searches(
  params: StudySearchParams,
  hasWildcards = false
): Record<string, string>[] {
  const common: Record<string, string> = {};
  const add = (keyword: string, value: string | undefined) => {
    // The Azure service refuses empty values.
    const plain = value?.replace(/[*?]/g, '').trim();
    if (plain) common[keyword] = hasWildcards ? `*${plain}*` : plain;
  };
  add('PatientName', params.patientName);
  add('PatientID', params.patientId);
  add('AccessionNumber', params.accessionNumber);
  add('StudyDescription', params.studyDescription);
  const { startDate = '', endDate = '' } = params;
  if (startDate || endDate) common.StudyDate = `${startDate}-${endDate}`;

  const asked = splitList(params.studyInstanceUid, /[\s,\\]+/);
  const uids = asked.filter(isUID);
  // Asked for a study that cannot exist: nothing is found, rather than everything.
  if (asked.length > 0 && uids.length === 0) return [];
  const modalities = splitList(params.modalitiesInStudy, /[,\\]+/);
  const byUID = uids.length ? uids.map(uid => ({ ...common, StudyInstanceUID: uid })) : [common];
  if (modalities.length === 0) return byUID;
  return byUID.flatMap(filters =>
    modalities.map(modality => ({ ...filters, ModalitiesInStudy: modality }))
  );
}

function splitList(value: string | string[] | undefined, separator: RegExp): string[] {
  return [value ?? []].flat().flatMap(each => each.split(separator).filter(Boolean));
}

function toRow(study: DicomJson): StudyRow {
  const value = (keyword: Keyword) => stringOf(study, keyword) ?? '';
  const name = (keyword: Keyword) => formatPersonName(personNameOf(study, keyword) ?? '');
  return {
    studyInstanceUid: value('StudyInstanceUID'),
    date: value('StudyDate'),
    time: value('StudyTime'),
    accession: value('AccessionNumber'),
    mrn: value('PatientID'),
    patientName: name('PatientName'),
    patientBirthDate: value('PatientBirthDate'),
    instances: Number(value('NumberOfStudyRelatedInstances')) || 0,
    description: value('StudyDescription'),
    modalities: stringsOf(study, 'ModalitiesInStudy').join('\\'),
    referringPhysicianName: name('ReferringPhysicianName'),
  };
}

/** `Family^Given^Middle` as the stock viewer shows names: `Family, Given Middle`. */
export function formatPersonName(personName: string): string {
  const [family = '', ...given] = personName.split('=')[0]?.split('^') ?? [];
  const rest = given.filter(Boolean).join(' ');
  return [family, rest].filter(Boolean).join(', ');
}
