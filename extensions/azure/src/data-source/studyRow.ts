import {
  personNameOf,
  stringOf,
  stringsOf,
  type DicomJson,
  type Keyword,
} from '@ohif-azure/dicomweb';
import type { StudyRow } from '../ohif.ts';

/** Rows of our searches: what the archive found stays, whatever the viewer's own filter of what it shows would say. */
const found = new WeakSet<object>();

/** Whether a row of the work list is of a search of ours. */
export function isFoundRow(row: unknown): boolean {
  return typeof row === 'object' && row !== null && found.has(row);
}

/** A study as the stock viewer's work list expects it. */
export function rowOf(study: DicomJson): StudyRow {
  const value = (keyword: Keyword) => stringOf(study, keyword) ?? '';
  const name = (keyword: Keyword) => formatPersonName(personNameOf(study, keyword) ?? '');
  const row = {
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
  found.add(row);
  return row;
}

/** `Family^Given^Middle` as the stock viewer shows names: `Family, Given Middle`. */
export function formatPersonName(personName: string): string {
  const [family = '', ...given] = personName.split('=')[0]?.split('^') ?? [];
  const rest = given.filter(Boolean).join(' ');
  return [family, rest].filter(Boolean).join(', ');
}
