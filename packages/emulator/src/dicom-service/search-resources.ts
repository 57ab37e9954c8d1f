import type { ApiVersion } from '../storage/stored-instance.ts';

/** Levels of the information model. */
export type Level = 'study' | 'series' | 'instance';

/** What a search looks for, and within what. */
export interface SearchResource {
  /** What each result stands for. */
  result: Level;
  /** Levels whose attributes may filter and are returned by default. [reference 2.1] */
  levels: readonly Level[];
}

/** The searchable attributes of each level. [reference 2.1] */
export const SEARCHABLE: Readonly<Record<Level, readonly string[]>> = {
  study: [
    '0020000D',
    '00080020',
    '00081030',
    '00080050',
    '00100020',
    '00100010',
    '00080090',
    '00100030',
    '00080061',
  ],
  series: ['0020000E', '00080060', '00400244', '00081090'],
  instance: ['00080018'],
};

/** Attributes which the service computes: ModalitiesInStudy and the two counts. */
export const COMPUTED: Readonly<Record<'study' | 'series', readonly string[]>> = {
  study: ['00080061', '00201208'],
  series: ['00201209'],
};

/** Attributes which no search returns. [reference 2.5] */
export const NEVER_RETURNED: ReadonlySet<string> = new Set(['00201206', '00080054', '00081190']);

const DEFAULTS: Readonly<Record<ApiVersion, Record<Level, readonly string[]>>> = {
  1: {
    study: [
      '00080005',
      '00080020',
      '00080030',
      '00080050',
      '00080056',
      '00080090',
      '00080201',
      '00100010',
      '00100020',
      '00100030',
      '00100040',
      '0020000D',
      '00200010',
    ],
    series: [
      '00080005',
      '00080060',
      '00080201',
      '0008103E',
      '0020000E',
      '00400244',
      '00400245',
      '00400275',
    ],
    instance: [
      '00080005',
      '00080016',
      '00080018',
      '00080056',
      '00080201',
      '00200013',
      '00280010',
      '00280011',
      '00280100',
      '00280008',
    ],
  },
  2: {
    study: [
      '0020000D',
      '00080020',
      '00081030',
      '00080050',
      '00080090',
      '00100010',
      '00100020',
      '00100030',
    ],
    series: ['0020000E', '00080060', '00400244', '00081090'],
    instance: ['00080018'],
  },
};

/** What `includefield=all` adds to the v1 defaults. [reference 2.5] */
const ALL_ADDS: Readonly<Record<Level, readonly string[]>> = {
  study: [
    '00081030',
    '00080063',
    '00081032',
    '00081060',
    '00081080',
    '00081110',
    '00101010',
    '00101020',
    '00101030',
    '00102180',
    '001021B0',
  ],
  series: ['00200011', '00200060', '00080021', '00080031'],
  instance: [],
};

/**
 * The attributes which a search returns, values permitting. [reference 2.5]
 *
 * @param include - tags of `includefield`, or `'all'`.
 */
export function requestedTags(
  resource: SearchResource,
  version: ApiVersion,
  include: readonly string[] | 'all'
): Set<string> {
  const { levels } = resource;
  const tags =
    include === 'all'
      ? levels.flatMap(level => [...DEFAULTS[1][level], ...ALL_ADDS[level]])
      : [...levels.flatMap(level => DEFAULTS[version][level]), ...include];
  return new Set(tags.filter(tag => !NEVER_RETURNED.has(tag)));
}
