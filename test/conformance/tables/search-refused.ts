import type { Row } from '../support/row.ts';

const E2E = 'QueryTransactionTests';
const PARSER = 'QueryParser, BaseQueryParser';
const ADVICE =
  'If the parameter is an attribute keyword, check the casing as they are case-sensitive. The conformance statement has a list of supported query parameters, attributes and the levels.';

const BAD: readonly [query: string, text: string, source: string, known: Row['known']][] = [
  ['studies?foo=bar', `Invalid query: unknown query parameter 'foo'. ${ADVICE}`, PARSER, 'code'],
  [
    'studies?patientname=x',
    `Invalid query: unknown query parameter 'patientname'. ${ADVICE}`,
    PARSER,
    'code',
  ],
  [
    'studies?orderby=x',
    `Invalid query: unknown query parameter 'orderby'. ${ADVICE}`,
    'reference 7',
    'code',
  ],
  [
    'studies?Modality=CT',
    `Invalid query: AttributeId Modality is not queryable.  ${ADVICE}`,
    `${E2E} GivenSearchRequest_WithUnsupportedTag`,
    'E2E',
  ],
  [
    'series?StudyTime=10',
    `Invalid query: AttributeId StudyTime is not queryable.  ${ADVICE}`,
    'QueryLimit',
    'code',
  ],
  [
    'studies/1.2/series?PatientName=x',
    `Invalid query: AttributeId PatientName is not queryable.  ${ADVICE}`,
    'QueryLimit',
    'code',
  ],
  [
    'studies?PatientID=a&PatientID=b',
    "Invalid QIDO-RS query. Duplicate AttributeId 'PatientID'. Each attribute is only allowed to be specified once.",
    'QueryOptionsExtensions',
    'code',
  ],
  [
    'studies?PatientID=a&00100020=b',
    "Invalid query: attribute '00100020' has been specified more than once using different ID formats. Each attribute is only allowed to be specified once.",
    PARSER,
    'code',
  ],
  [
    'studies?PatientName=',
    "Invalid query: AttributeId 'PatientName' has empty string value that is not supported.",
    PARSER,
    'code',
  ],
  [
    'studies?PatientName=%20',
    "Invalid query: AttributeId 'PatientName' has empty string value that is not supported.",
    PARSER,
    'code',
  ],
  [
    'studies?00400275.00080050=1',
    "Dicom element '00400275.00080050' failed validation for VR 'SQ': Sequential dicom tags are currently not supported.",
    'DicomTagParser, ElementValidationException',
    'code',
  ],
  [
    'studies?StudyDate=2020-01-01',
    "Invalid query: specified Date value '2020-01-01' is invalid for attribute 'StudyDate'. Date should be valid and formatted as yyyyMMdd.",
    'QueryParserTests',
    'unit',
  ],
  [
    'studies?StudyDate=20200230',
    "Invalid query: specified Date value '20200230' is invalid for attribute 'StudyDate'. Date should be valid and formatted as yyyyMMdd.",
    'QueryParserTests',
    'unit',
  ],
  [
    'studies?StudyDate=20240201-20240101',
    "Invalid query: specified date range '20240201-20240101' is invalid.\nThe first part date 20240201 should be lesser than or equal to the second part date 20240101.",
    PARSER,
    'code',
  ],
  [
    'studies?StudyDate=-',
    'Invalid query: specified range is invalid.\nBoth parts in the range cannot be empty.\nFor details on valid range queries, please refer to Search Matching section in Conformance Statement (https://github.com/microsoft/dicom-server/blob/main/docs/resources/conformance-statement.md#search-matching).',
    'DicomCoreResource InvalidRangeValues',
    'code',
  ],
  [
    'studies?includefield=x',
    "Invalid query: IncludeField has unknown attribute 'x'.",
    'QueryParserTests',
    'unit',
  ],
  [
    'studies?includefield=',
    "Invalid query: IncludeField has unknown attribute ''.",
    'AggregateCsvModelBinder',
    'code',
  ],
  [
    'studies?includefield=all,PatientID',
    "Invalid query: cannot specify included fields in addition to 'all'.",
    PARSER,
    'code',
  ],
  [
    'studies?PatientName=a%22b&fuzzymatching=true',
    `Invalid query: specified tag 'PatientName' value 'a"b' contains unsupported character '"'. Character is not supported with Fuzzy match, try exact match or removing the invalid character. `,
    'BaseQueryParser',
    'code',
  ],
  [
    'studies?limit=201',
    "The query parameter 'Limit' is invalid. The field Limit must be between 1 and 200.",
    'WorkItemTransactionTests.Query GivenSearchRequest_WithHigherLimit',
    'E2E',
  ],
  [
    'studies?limit=0',
    "The query parameter 'Limit' is invalid. The field Limit must be between 1 and 200.",
    'PaginationOptions',
    'code',
  ],
  [
    'studies?limit=x',
    "The query parameter 'Limit' is invalid. The value 'x' is not valid for Limit.",
    'ASP.NET model binding',
    'framework',
  ],
  [
    'studies?LIMIT=x',
    "The query parameter 'Limit' is invalid. The value 'x' is not valid for Limit.",
    'ASP.NET model binding',
    'framework',
  ],
  [
    'studies?offset=-1',
    "The query parameter 'Offset' is invalid. The field Offset must be between 0 and 9.223372036854776E+18.",
    'PaginationOptions; RangeAttribute',
    'framework',
  ],
  [
    'studies?fuzzymatching=1',
    "The query parameter 'FuzzyMatching' is invalid. The value '1' is not valid for FuzzyMatching.",
    'ASP.NET model binding',
    'framework',
  ],
  [
    'studies/a.b/series',
    "Dicom element 'StudyInstanceUid' failed validation for VR 'UI': DICOM Identifier is invalid. Value length should not exceed the maximum length of 64 characters. Value should contain characters in '0'-'9' and '.'. Each component must start with non-zero number.",
    'QueryService.ValidateRequestIdentifiers',
    'code',
  ],
  [
    'studies/1/series/x/instances',
    "Dicom element 'SeriesInstanceUid' failed validation for VR 'UI': DICOM Identifier is invalid. Value length should not exceed the maximum length of 64 characters. Value should contain characters in '0'-'9' and '.'. Each component must start with non-zero number.",
    'QueryService.ValidateRequestIdentifiers',
    'code',
  ],
  [
    'studies?PatientName=%3Cb',
    'The query string included invalid characters.',
    'QueryStringValidatorMiddleware',
    'code',
  ],
];

const bad: readonly Row[] = BAD.map(([query, text, source, known]): Row => ({
  title: `400: ${query}`,
  source,
  known,
  request: () => ({ path: `/v2/${query}` }),
  status: 400,
  text,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
}));

const accept: readonly Row[] = [undefined, 'application/dicom', 'text/html'].map(value => ({
  title: `Accept: ${value ?? 'none'}: 406 without a body, before 400`,
  source: 'AcceptContentFilterAttributeTests; reference 3.6',
  known: 'unit',
  request: () => ({ path: '/v2/studies?limit=x', headers: { accept: value } }),
  status: 406,
  text: '',
}));

/** What is refused. */
export const SEARCH_REFUSED: readonly Row[] = [...bad, ...accept];
