import type { Answer } from '../support/http.ts';
import type { Row, Scene } from '../support/row.ts';
import { study, suffix } from '../support/search-scene.ts';
import type { Item } from '../support/store-answers.ts';

const E2E = 'QueryTransactionTests';

const ids = (tag: string, count: number) => (answer: Answer) => {
  expect(answer.json<Item[]>().map(one => one[tag]?.Value?.[0])).toHaveLength(count);
};
interface Found {
  title: string;
  /** Below `/v2`. */
  path: (s: Scene) => string;
  /** How many results; none is 204. */
  count: number;
  source: string;
  known: Row['known'];
  standard?: boolean;
}

const MATCHING: readonly Found[] = [
  {
    title: 'by UID',
    path: s => `/studies?StudyInstanceUID=${s.study}`,
    count: 1,
    source: 'reference 2.3',
    known: 'code',
    standard: true,
  },
  {
    title: 'by tag',
    path: s => `/studies?0020000D=${s.study}`,
    count: 1,
    source: 'reference 2.2',
    known: 'code',
    standard: true,
  },
  {
    title: 'PatientID, whole and without regard to case',
    path: s => `/studies?PatientID=p${suffix(s)}`,
    count: 1,
    source: 'reference 2.3',
    known: 'code',
  },
  {
    title: 'PatientID, part of it',
    path: s => `/studies?PatientID=${suffix(s)}`,
    count: 0,
    source: 'reference 2.3',
    known: 'code',
  },
  {
    title: 'an asterisk is a letter',
    path: s => `/studies?PatientID=P${suffix(s)}*`,
    count: 0,
    source: 'BaseQueryParser.ParseStringTagValue',
    known: 'code',
  },
  {
    title: 'a UID list is one value',
    path: s => `/studies?StudyInstanceUID=${s.study},1.2`,
    count: 0,
    source: 'BaseQueryParser.ParseStringTagValue',
    known: 'code',
  },
  {
    title: 'a UID which is none finds nothing',
    path: () => '/studies?StudyInstanceUID=foo',
    count: 0,
    source: 'QueryService.ValidateRequestIdentifiers',
    known: 'code',
  },
  {
    title: 'PatientName without regard to case and accents',
    path: s => `/studies?PatientName=unal^jo${suffix(s)}^stone hall`,
    count: 1,
    source: `${E2E} …MatchIsCaseIncensitiveAndAccentIncensitive`,
    known: 'E2E',
  },
  {
    title: 'PatientName in part, exact',
    path: s => `/studies?PatientName=Jo${suffix(s)}`,
    count: 0,
    source: 'reference 2.3',
    known: 'code',
  },
  {
    title: 'fuzzy: a word',
    path: s => `/studies?PatientName=jo${suffix(s)}&fuzzymatching=true`,
    count: 1,
    source: `${E2E} …PatientNameFuzzyMatch`,
    known: 'E2E',
  },
  {
    title: 'fuzzy: FuzzyMatching in any case',
    path: s => `/studies?PatientName=jo${suffix(s)}&FuzzyMatching=True`,
    count: 1,
    source: `${E2E} …PatientNameFuzzyMatch`,
    known: 'E2E',
  },
  {
    title: 'fuzzy: beginnings of adjacent words',
    path: s => `/studies?PatientName=un jo${suffix(s)}&fuzzymatching=true`,
    count: 1,
    source: 'conformance statement, "jo do"',
    known: 'docs',
  },
  {
    title: 'fuzzy: not within a word',
    path: s => `/studies?PatientName=nal jo${suffix(s)}&fuzzymatching=true`,
    count: 0,
    source: 'conformance statement, "ohn"',
    known: 'docs',
  },
  {
    title: 'fuzzy: not in another order',
    path: s => `/studies?PatientName=jo${suffix(s)} unal&fuzzymatching=true`,
    count: 0,
    source: 'reference 2.3',
    known: 'code',
  },
  {
    title: 'fuzzy is for names only',
    path: s => `/studies?PatientID=P&StudyInstanceUID=${s.study}&fuzzymatching=true`,
    count: 0,
    source: 'QueryLimit.IsValidFuzzyMatchingQueryTag',
    known: 'code',
  },
  {
    title: 'a date',
    path: s => `/studies?StudyDate=20240131&StudyInstanceUID=${s.study}`,
    count: 1,
    source: `${E2E} …AllStudyLevel`,
    known: 'E2E',
    standard: true,
  },
  {
    title: 'a date range, both ends inclusive',
    path: s => `/studies?StudyDate=20240131-20240131&StudyInstanceUID=${s.study}`,
    count: 1,
    source: 'reference 2.3',
    known: 'code',
    standard: true,
  },
  {
    title: 'an open range',
    path: s => `/studies?StudyDate=20240130-&StudyInstanceUID=${s.study}`,
    count: 1,
    source: 'reference 2.3',
    known: 'code',
    standard: true,
  },
  {
    title: 'another open range',
    path: s => `/studies?StudyDate=-20240130&StudyInstanceUID=${s.study}`,
    count: 0,
    source: 'reference 2.3',
    known: 'code',
  },
  {
    title: 'ModalitiesInStudy',
    path: s => `/studies?ModalitiesInStudy=CT&StudyInstanceUID=${s.study}`,
    count: 1,
    source: `${E2E} …AllStudyComputedColumns`,
    known: 'E2E',
    standard: true,
  },
  {
    title: 'two ModalitiesInStudy are one value',
    path: s => `/studies?ModalitiesInStudy=CT,MR&StudyInstanceUID=${s.study}`,
    count: 0,
    source: 'reference 7',
    known: 'code',
  },
  {
    title: 'series of all studies',
    path: s => `/series?Modality=CT&PatientID=P${suffix(s)}`,
    count: 1,
    source: `${E2E} …AllSeriesLevel`,
    known: 'E2E',
  },
  {
    title: 'series of a study',
    path: s => `/studies/${s.study}/series`,
    count: 2,
    source: `${E2E} …With2Instances_StudySeriesLevel`,
    known: 'E2E',
    standard: true,
  },
  {
    title: 'series of a study, by modality',
    path: s => `/studies/${s.study}/series?Modality=MR`,
    count: 1,
    source: `${E2E} …StudySeriesLevel`,
    known: 'E2E',
    standard: true,
  },
  {
    title: 'instances of a study, by modality',
    path: s => `/studies/${s.study}/instances?Modality=CT`,
    count: 2,
    source: `${E2E} …StudyInstancesLevel`,
    known: 'E2E',
  },
  {
    title: 'instances of a series, by UID',
    path: s => `/studies/${s.study}/series/${s.series}/instances?SOPInstanceUID=${s.instance}`,
    count: 1,
    source: `${E2E} …StudySeriesInstancesLevel`,
    known: 'E2E',
    standard: true,
  },
  {
    title: 'instances of all studies',
    path: s => `/instances?PatientID=P${suffix(s)}`,
    count: 3,
    source: `${E2E} …AllInstancesLevel`,
    known: 'E2E',
  },
  {
    title: 'a study which is not there',
    path: () => '/studies/1.2.3.4.5/series',
    count: 0,
    source: 'reference 2.6, never 404',
    known: 'code',
  },
  {
    title: 'limit',
    path: s => `/instances?PatientID=P${suffix(s)}&limit=2`,
    count: 2,
    source: 'reference 2.4',
    known: 'code',
  },
  {
    title: 'offset',
    path: s => `/instances?PatientID=P${suffix(s)}&offset=2`,
    count: 1,
    source: 'reference 2.4',
    known: 'code',
  },
  {
    title: 'offset beyond the end',
    path: s => `/instances?PatientID=P${suffix(s)}&offset=9`,
    count: 0,
    source: 'reference 2.4',
    known: 'code',
  },
  {
    title: 'OHIF: the work list',
    path: () =>
      '/studies?limit=25&offset=0&includefield=00081030,00080060&StudyDate=19521125-20210507',
    count: 0,
    source: `${E2E} GivenSearchRequest_OHIFViewerStudyQuery_ReturnsOK`,
    known: 'E2E',
  },
];

/** What finds what. */
export const SEARCH_MATCHING: readonly Row[] = MATCHING.map(
  ({ title, path, count, source, known, standard }): Row => ({
    title,
    source,
    known,
    standard,
    before: study,
    request: s => ({ path: encodeURI(s.root + path(s)) }),
    status: count === 0 ? 204 : 200,
    text: count === 0 ? '' : undefined,
    headers: count === 0 ? {} : { 'content-type': /^application\/dicom\+json/ },
    then: count === 0 ? undefined : ids('0020000D', count),
  })
);
