import type { WorkItem } from '../archive/work-items.ts';
import { acceptsDicomJson } from '../http/media-type.ts';
import { badRequest, notAcceptableFilter } from '../http/service-error.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { attributeOfKeyword } from '../part10/dictionary.ts';
import { tagOf, vrOfTag } from './attribute-id.ts';
import { acceptLines, answerEmpty, answerJson, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { matchesFilter } from './search-match.ts';
import { parseSearchOptions, parseValue } from './search-query.ts';
import type { Filter, SearchOptions } from './search-query.ts';
import { itemsOf } from './work-item-requirements.ts';

/** Paths of the attributes which can be searched for. [source WorkitemQueryTag.sql] */
const SEARCHABLE: ReadonlySet<string> = new Set([
  '00100010',
  '00100020',
  '0040A370.00080050',
  '0040A370.00401001',
  '00404005',
  '00404025.00080100',
  '00404026.00080100',
  '00404027.00080100',
  '00741000',
  '0020000D',
]);

/** Attributes which are always returned. [source WorkitemQueryResponseBuilder] */
const RETURNED: ReadonlySet<string> = new Set(
  `SpecificCharacterSet SOPClassUID SOPInstanceUID ScheduledProcedureStepPriority ProcedureStepLabel
  WorklistLabel ScheduledProcessingParametersSequence ScheduledStationNameCodeSequence
  ScheduledStationClassCodeSequence ScheduledStationGeographicLocationCodeSequence
  ScheduledHumanPerformersSequence ScheduledProcedureStepStartDateTime ScheduledWorkitemCodeSequence
  InputReadinessState InputInformationSequence StudyInstanceUID PatientName PatientID
  IssuerOfPatientID IssuerOfPatientIDQualifiersSequence OtherPatientIDsSequence PatientBirthDate
  PatientSex AdmissionID IssuerOfAdmissionIDSequence AdmittingDiagnosesDescription
  AdmittingDiagnosesCodeSequence ReferencedRequestSequence MedicalAlerts PregnancyStatus
  SpecialNeeds ProcedureStepState ProcedureStepProgressInformationSequence`
    .split(/\s+/)
    .map(keyword => attributeOfKeyword(keyword)?.tag ?? '')
);

interface WorkItemFilter {
  path: string[];
  filter: Filter;
}

/** Searches for work items. @see PS3.18 11.9; reference 4, UPS-RS */
export async function searchWorkItems(exchange: Exchange): Promise<void> {
  const { request, response, query, archive, partition } = exchange;
  if (!acceptsDicomJson(acceptLines(request))) throw notAcceptableFilter();
  const options = parseSearchOptions(query);
  requireForAll(exchange, 'read');
  const filters = parseFilters(options);
  const include = parseInclude(options.includeFields);
  const found = archive.workItems
    .list(partition.name)
    .filter(item => filters.every(filter => passes(item, filter, options.fuzzyMatching)))
    .slice(options.offset, options.offset + options.limit);
  if (found.length === 0) return answerEmpty(response, 204);
  const results = found.map(item => resultOf(item, filters, include));
  answerJson(response, 200, JSON.stringify(results));
}

function parseFilters(options: SearchOptions): WorkItemFilter[] {
  const filters: WorkItemFilter[] = [];
  for (const [name, value] of options.attributes) {
    const path = pathOf(name);
    const joined = path?.join('.') ?? '';
    if (!path || !SEARCHABLE.has(joined)) {
      // The words of the studies' search. [E2E WorkItemTransactionTests.Query]
      throw badRequest(
        `Invalid query: AttributeId ${name} is not queryable.  If the parameter is an attribute keyword, check the casing as they are case-sensitive. The conformance statement has a list of supported query parameters, attributes and the levels.`
      );
    }
    if (value === '') {
      throw badRequest(
        `Invalid query: AttributeId '${name}' has empty string value that is not supported.`
      );
    }
    if (filters.some(one => one.path.join('.') === joined)) {
      throw badRequest(
        `Invalid query: attribute '${name}' has been specified more than once using different ID formats. Each attribute is only allowed to be specified once.`
      );
    }
    const tag = path.at(-1) ?? '';
    const parsed = parseValue(tag, vrOfTag(tag) ?? 'LO', value, options.fuzzyMatching);
    filters.push({ path, filter: { ...parsed, level: 'instance' } });
  }
  return filters;
}

/** The tags of a path; at most one step into a sequence. @throws {ServiceError} 400 */
function pathOf(name: string): string[] | undefined {
  if (name === '') return undefined;
  const tags = name.split('.').map(tagOf);
  if (tags.length > 2) {
    throw badRequest(
      `Dicom element '${name}' failed validation for VR 'SQ': Nested Dicom sequence tags are currently not supported.`
    );
  }
  const known = tags.filter(tag => tag !== undefined);
  return known.length === tags.length ? known : undefined;
}

function parseInclude(fields: readonly string[]): ReadonlySet<string> | 'all' {
  if (fields.some(field => field.toLowerCase() === 'all')) {
    if (fields.length === 1) return 'all';
    throw badRequest(`Invalid query: cannot specify included fields in addition to 'all'.`);
  }
  return new Set(
    fields.map(field => {
      const path = pathOf(field);
      if (!path) {
        throw badRequest(`Invalid query: IncludeField has unknown attribute '${field}'.`);
      }
      if (path.length > 1) {
        throw badRequest('Sequential dicom tags are currently not supported.');
      }
      return path[0] ?? '';
    })
  );
}

function passes(item: WorkItem, { path, filter }: WorkItemFilter, fuzzyMatching: boolean): boolean {
  const [first = '', second] = path;
  const dataSets = second === undefined ? [item.dataSet] : itemsOf(item.dataSet[first]);
  return dataSets.some(dataSet => matchesFilter(dataSet[second ?? first], filter, fuzzyMatching));
}

function resultOf(
  { dataSet }: WorkItem,
  filters: readonly WorkItemFilter[],
  include: ReadonlySet<string> | 'all'
): JsonDataSet {
  if (include === 'all') return dataSet;
  const wanted = (tag: string) =>
    RETURNED.has(tag) || include.has(tag) || filters.some(({ path }) => path.at(-1) === tag);
  return Object.fromEntries(Object.entries(dataSet).filter(([tag]) => wanted(tag)));
}
