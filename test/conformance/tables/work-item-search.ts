import { jsonOf } from '../support/row.ts';
import type { Row } from '../support/row.ts';
import { create, created, found, TYPE, value } from '../support/work-item-scene.ts';

const E2E = 'WorkItemTransactionTests';

const searches: readonly Row[] = [
  {
    title: 'search by state',
    source: `${E2E}.Query WhenQueryingWorkitemWithFilter`,
    known: 'E2E',
    before: created,
    request: () => ({ path: '/v2/workitems?ProcedureStepState=SCHEDULED&limit=1' }),
    status: 200,
    headers: { 'content-type': /^application\/dicom\+json/ },
    then: found(1),
  },
  {
    title: 'search by an attribute of a sequence',
    source: `${E2E}.Query WhenQueryingWorkitemWithSequenceMatching`,
    known: 'E2E',
    before: s =>
      created(s, {
        '00404025': value('SQ', {
          '00080100': value('SH', s.study.slice(-12)),
          '00080104': value('LO', 'Meaning'),
        }),
      }),
    request: s => ({
      path: `/v2/workitems?ScheduledStationNameCodeSequence.CodeValue=${s.study.slice(-12)}`,
    }),
    status: 200,
    then: found(1),
  },
  {
    title: 'search by name, fuzzy',
    source: `${E2E}.Query GivenSearchRequest_PatientNameFuzzyMatch`,
    known: 'E2E',
    before: s =>
      created(s, {
        '00100010': value('PN', {
          Alphabetic: `Jonathan^Q${s.study.split('.').at(-1)}^Stone Hall^^`,
        }),
      }),
    request: s => ({
      path: `/v2/workitems?PatientName=q${s.study.split('.').at(-1)}&FuzzyMatching=true`,
    }),
    status: 200,
    then: found(1),
  },
  {
    title: 'nothing found: 204',
    source: `${E2E}.Query …NoMatchingResult`,
    known: 'E2E',
    request: () => ({ path: '/v2/workitems?PatientID=20200101' }),
    status: 204,
    text: '',
  },
  {
    title: 'an attribute which is not searchable: 400',
    source: `${E2E}.Query GivenSearchRequest_WithUnsupportedTag`,
    known: 'E2E',
    request: () => ({ path: '/v2/workitems?Modality=CT' }),
    status: 400,
    text: 'Invalid query: AttributeId Modality is not queryable.  If the parameter is an attribute keyword, check the casing as they are case-sensitive. The conformance statement has a list of supported query parameters, attributes and the levels.',
  },
  {
    title: 'limit=500: 400',
    source: `${E2E}.Query GivenSearchRequest_WithHigherLimit`,
    known: 'E2E',
    request: () => ({ path: '/v2/workitems?PatientName=Foo&limit=500' }),
    status: 400,
    text: "The query parameter 'Limit' is invalid. The field Limit must be between 1 and 200.",
  },
];

const protocol: readonly Row[] = [
  {
    title: 'create with another media type: 415',
    source: 'ConsumesAttribute',
    known: 'framework',
    request: () => jsonOf('POST', '/v2/workitems', '[]', 'application/json'),
    status: 415,
    text: '',
  },
  {
    title: 'create without Accept: 406',
    source: 'AcceptContentFilterAttribute',
    known: 'unit',
    request: s => ({
      ...create(s),
      headers: { 'content-type': TYPE, accept: undefined },
    }),
    status: 406,
    text: '',
  },
  {
    title: 'an empty list: 400',
    source: 'WorkitemController.AddAsync, MinLength',
    known: 'framework',
    request: () => jsonOf('POST', '/v2/workitems?1.2', [], TYPE),
    status: 400,
    text: "The query parameter 'dicomDatasets' is invalid. The field dicomDatasets must be a string or array type with a minimum length of '1'.",
  },
  {
    title: 'a UID which is none: 400',
    source: 'WorkitemRequestValidatorExtensions',
    known: 'code',
    request: () => ({ path: '/v2/workitems/abc' }),
    status: 400,
    text: /^Dicom element 'WorkitemInstanceUid' failed validation for VR 'UI': /,
  },
  {
    title: 'subscriptions are not there: 501',
    source: 'reference 4, "No subscriptions/events"',
    known: 'ours',
    request: () => ({ method: 'POST', path: '/v2/workitems/1.2/subscribers/AE' }),
    status: 501,
    text: 'This emulator does not have subscriptions to work items.',
  },
];

/** Search, and what all requests have in common. */
export const WORK_ITEM_SEARCH: readonly Row[] = [...searches, ...protocol];
