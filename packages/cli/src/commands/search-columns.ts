import {
  numberOf,
  personNameOf,
  stringOf,
  stringsOf,
  type DicomJson,
  type Keyword,
} from '@ohif-azure/dicomweb';
import { safeText } from '../terminal/safe-text.ts';
import type { Column } from '../terminal/table.ts';

/** A column and where its text comes from. */
export interface SearchColumn extends Column {
  readonly text: (dataset: DicomJson) => string;
}

const value = (keyword: Keyword) => (dataset: DicomJson) =>
  safeText(stringOf(dataset, keyword) ?? '');
const number = (keyword: Keyword) => (dataset: DicomJson) =>
  String(numberOf(dataset, keyword) ?? '');

/** `20260131` as `2026-01-31`; anything else as it is. */
const date = (keyword: Keyword) => (dataset: DicomJson) =>
  value(keyword)(dataset).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

/** `Doe^John^^Dr` as `Doe, John`: the family name and the given one. */
const name = (keyword: Keyword) => (dataset: DicomJson) =>
  safeText(
    (personNameOf(dataset, keyword) ?? '').split('^').slice(0, 2).filter(Boolean).join(', ')
  );

/** The SOP Classes that are met most, by name. @see PS3.4 B.5 */
const SOP_CLASSES: Readonly<Record<string, string>> = {
  '1.2.840.10008.5.1.4.1.1.1': 'CR image',
  '1.2.840.10008.5.1.4.1.1.1.1': 'DX image',
  '1.2.840.10008.5.1.4.1.1.1.2': 'MG image',
  '1.2.840.10008.5.1.4.1.1.2': 'CT image',
  '1.2.840.10008.5.1.4.1.1.2.1': 'Enhanced CT image',
  '1.2.840.10008.5.1.4.1.1.3.1': 'US multi-frame image',
  '1.2.840.10008.5.1.4.1.1.4': 'MR image',
  '1.2.840.10008.5.1.4.1.1.4.1': 'Enhanced MR image',
  '1.2.840.10008.5.1.4.1.1.6.1': 'US image',
  '1.2.840.10008.5.1.4.1.1.7': 'Secondary capture',
  '1.2.840.10008.5.1.4.1.1.11.1': 'Presentation state',
  '1.2.840.10008.5.1.4.1.1.12.1': 'XA image',
  '1.2.840.10008.5.1.4.1.1.20': 'NM image',
  '1.2.840.10008.5.1.4.1.1.66.4': 'Segmentation',
  '1.2.840.10008.5.1.4.1.1.88.11': 'Basic text SR',
  '1.2.840.10008.5.1.4.1.1.88.22': 'Enhanced SR',
  '1.2.840.10008.5.1.4.1.1.88.33': 'Comprehensive SR',
  '1.2.840.10008.5.1.4.1.1.88.34': 'Comprehensive 3D SR',
  '1.2.840.10008.5.1.4.1.1.88.59': 'Key object selection',
  '1.2.840.10008.5.1.4.1.1.104.1': 'Encapsulated PDF',
  '1.2.840.10008.5.1.4.1.1.128': 'PET image',
  '1.2.840.10008.5.1.4.1.1.481.3': 'RT structure set',
};

/** What a table of each level shows, and what has to be asked for besides the usual attributes. */
export const SEARCH_TABLES: Readonly<
  Record<
    'studies' | 'series' | 'instances',
    { include: readonly Keyword[]; columns: readonly SearchColumn[] }
  >
> = {
  studies: {
    include: ['ModalitiesInStudy', 'NumberOfStudyRelatedInstances', 'StudyDescription'],
    columns: [
      { name: 'Patient', text: name('PatientName') },
      { name: 'Patient ID', text: value('PatientID') },
      { name: 'Date', text: date('StudyDate') },
      {
        name: 'Modality',
        text: dataset => safeText(stringsOf(dataset, 'ModalitiesInStudy').join(' ')),
      },
      { name: 'Description', text: value('StudyDescription') },
      { name: 'Instances', align: 'right', text: number('NumberOfStudyRelatedInstances') },
      { name: 'Study Instance UID', isWhole: true, text: value('StudyInstanceUID') },
    ],
  },
  series: {
    include: ['SeriesNumber', 'SeriesDescription', 'NumberOfSeriesRelatedInstances'],
    columns: [
      { name: 'No.', align: 'right', text: number('SeriesNumber') },
      { name: 'Modality', text: value('Modality') },
      { name: 'Description', text: value('SeriesDescription') },
      { name: 'Instances', align: 'right', text: number('NumberOfSeriesRelatedInstances') },
      { name: 'Series Instance UID', isWhole: true, text: value('SeriesInstanceUID') },
    ],
  },
  instances: {
    include: ['InstanceNumber', 'SOPClassUID', 'NumberOfFrames'],
    columns: [
      { name: 'No.', align: 'right', text: number('InstanceNumber') },
      {
        name: 'SOP Class',
        text: dataset => {
          const uid = value('SOPClassUID')(dataset);
          return Object.hasOwn(SOP_CLASSES, uid) ? (SOP_CLASSES[uid] ?? uid) : uid;
        },
      },
      { name: 'Frames', align: 'right', text: number('NumberOfFrames') },
      { name: 'SOP Instance UID', isWhole: true, text: value('SOPInstanceUID') },
    ],
  },
};
