import { asciiValue } from '../part10/data-set.ts';
import type { DataElement } from '../part10/data-set.ts';
import { dicomJsonAttributes, dicomJsonText } from '../part10/dicom-json-text.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { invalidElements } from '../validation/warnings.ts';

/** The API version through which an instance was stored; v2 leaves invalid attributes out of metadata. */
export type ApiVersion = 1 | 2;

/** The three UIDs of an instance, without padding. */
export interface InstanceIdentifier {
  studyInstanceUID: string;
  seriesInstanceUID: string;
  sopInstanceUID: string;
}

/** What the index knows of an instance. */
export interface StoredInstance extends InstanceIdentifier {
  sopClassUID: string;
  transferSyntaxUID: string;
  /** Through which API version it was stored. */
  version: ApiVersion;
  /** Grows with each instance stored; orders results and makes entity tags. */
  watermark: number;
  /** Full path of the Part 10 file. */
  path: string;
  /** Bytes of the Part 10 file. */
  size: number;
  /**
   * The metadata, as the text of one DICOM JSON object. It may be read from the disk each time,
   * by a getter: keep the instance rather than a copy of its properties.
   */
  readonly metadata: string;
  /**
   * The attributes of study and series which searches filter by, as this instance has them. Shared
   * between instances: never to be changed.
   */
  indexed: JsonDataSet;
  /** What it was before it was first changed, when that was kept. */
  original?: StoredInstance;
}

/** Tags which the service keeps in its database for every instance. [reference 2.1] */
export const INDEXED_TAGS = {
  study: [
    '0020000D',
    '00080020',
    '00081030',
    '00080050',
    '00100020',
    '00100010',
    '00080090',
    '00100030',
  ],
  series: ['0020000E', '00080060', '00400244', '00081090'],
  instance: ['00080018'],
} as const;

const ALL_INDEXED = Object.values(INDEXED_TAGS).flat();
const INDEXED: ReadonlySet<string> = new Set([...INDEXED_TAGS.study, ...INDEXED_TAGS.series]);
const NONE: ReadonlySet<DataElement> = new Set();

/**
 * Names the rules by which {@link describeInstance} works. An index on disk with other rules is
 * made anew from the files: raise the number when metadata comes out differently.
 */
export const DESCRIPTION_RULES = `2 ${ALL_INDEXED.join(' ')}`;

/** The UIDs of a data set, without padding. */
export function identifierOf(header: Part10Header): InstanceIdentifier {
  return {
    studyInstanceUID: asciiValue(header.dataSet, '0020000D'),
    seriesInstanceUID: asciiValue(header.dataSet, '0020000E'),
    sopInstanceUID: asciiValue(header.dataSet, '00080018'),
  };
}

/** Describes an instance for the index. */
export function describeInstance(
  header: Part10Header,
  version: ApiVersion,
  file: { path: string; size: number; watermark: number }
): StoredInstance {
  const dropped = version === 2 ? invalidElements(header) : NONE;
  return {
    ...identifierOf(header),
    ...file,
    version,
    sopClassUID: asciiValue(header.dataSet, '00080016'),
    transferSyntaxUID: header.transferSyntaxUID,
    metadata: dicomJsonText(header, dropped),
    indexed: dicomJsonAttributes(header, INDEXED, dropped),
  };
}
