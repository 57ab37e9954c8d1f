import { numberOf, stringOf } from '../dicom-json.ts';
import type { Attribute, DicomJson } from '../dicom-json.ts';
import type { InstanceUIDs } from '../retrieve.ts';

/** Attributes that may stand in a layout besides the UIDs, by keyword. Not PatientName: names of files end up in logs. */
export const LAYOUT_KEYWORDS = {
  AccessionNumber: '00080050',
  InstanceNumber: '00200013',
  Modality: '00080060',
  PatientID: '00100020',
  SeriesDescription: '0008103E',
  SeriesNumber: '00200011',
  StudyDate: '00080020',
  StudyDescription: '00081030',
  StudyID: '00200010',
} as const satisfies Record<string, Attribute>;

const UIDS: Readonly<Record<string, keyof InstanceUIDs>> = {
  study: 'studyInstanceUID',
  series: 'seriesInstanceUID',
  instance: 'sopInstanceUID',
  StudyInstanceUID: 'studyInstanceUID',
  SeriesInstanceUID: 'seriesInstanceUID',
  SOPInstanceUID: 'sopInstanceUID',
};

const NUMBERS = new Set(['InstanceNumber', 'SeriesNumber']);

/** Names that mean devices on Windows. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const MAX_VALUE_LENGTH = 64;

/** A value as part of a name: what could be read as a path, a device or an option is not in it. */
export function safeName(value: string): string {
  const plain = value
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, MAX_VALUE_LENGTH)
    .replace(/^[.-]+|[. ]+$/g, '');
  return plain || '_';
}

/** Where each instance goes below a folder. */
export interface Layout {
  /** Keywords that a search must return for it. */
  readonly keywords: readonly (keyof typeof LAYOUT_KEYWORDS)[];
  /** A relative path with `/`, of names that are safe whatever the values are. */
  pathOf(uids: InstanceUIDs, dataset: DicomJson): string;
}

/**
 * Reads a layout.
 * @throws TypeError which says what is wrong with it.
 */
export function parseLayout(text: string): Layout {
  const wrong = (what: string): TypeError => new TypeError(`layout: ${what}`);
  const segments = text.split('/');
  const placeholders = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const keywords: (keyof typeof LAYOUT_KEYWORDS)[] = [];
  for (const name of placeholders) {
    if (Object.hasOwn(UIDS, name)) continue;
    if (!Object.hasOwn(LAYOUT_KEYWORDS, name)) {
      const known = ['study', 'series', 'instance', ...Object.keys(LAYOUT_KEYWORDS)].join(', ');
      throw wrong(`{${name}} is not known; expected one of ${known}`);
    }
    keywords.push(name as keyof typeof LAYOUT_KEYWORDS);
  }
  if (!placeholders.some(name => UIDS[name] === 'sopInstanceUID')) {
    throw wrong('expected {instance} in it, so that no two instances share a file');
  }
  for (const segment of segments) {
    const literal = segment.replace(/\{[^{}]*\}/g, '');
    if (segment === '' || segment === '.' || segment === '..') {
      throw wrong('expected a relative path without empty parts, . and ..');
    }
    if (/[{}\\:*?"<>|]/.test(literal) || [...literal].some(character => character < ' ')) {
      throw wrong('expected names without \\ : * ? " < > | and control characters');
    }
  }
  const valueOf = (name: string, uids: InstanceUIDs, dataset: DicomJson): string => {
    const uid = UIDS[name];
    if (uid) return uids[uid];
    const tag = LAYOUT_KEYWORDS[name as keyof typeof LAYOUT_KEYWORDS];
    if (!NUMBERS.has(name)) return stringOf(dataset, tag) ?? '';
    const number = numberOf(dataset, tag);
    return number === undefined ? '' : String(number).padStart(4, '0');
  };
  return {
    keywords: [...new Set(keywords)],
    pathOf: (uids, dataset) =>
      segments
        .map(segment => {
          const name = segment.replace(/\{([^{}]*)\}/g, (_all, placeholder: string) =>
            safeName(valueOf(placeholder, uids, dataset))
          );
          return name === '.' || name === '..' || DEVICES.test(name) ? `_${name}` : name;
        })
        .join('/'),
  };
}
