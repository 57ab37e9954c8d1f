import { acceptsDicomJson } from '../http/media-type.ts';
import { notAcceptableFilter } from '../http/service-error.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { withoutPadding } from '../part10/element-values.ts';
import type { InstanceIndex } from '../storage/instance-index.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { acceptLines, answerJson, pathScope } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { externalResult, searchableTags, searchableValue } from './external-metadata.ts';
import { seriesRow, studyRow } from './search-rows.ts';
import type { Row } from './search-rows.ts';
import { matcherOf } from './search-match.ts';
import { newestFirst } from './search-page.ts';
import type { Run } from './search-page.ts';
import { parseSearchOptions, parseSearchQuery } from './search-query.ts';
import type { Filter } from './search-query.ts';
import { COMPUTED, requestedTags, SEARCHABLE } from './search-resources.ts';
import type { Level, SearchResource } from './search-resources.ts';

/** Searches for studies, series or instances. @see PS3.18 10.6; reference 2 */
export async function search(exchange: Exchange, resource: SearchResource): Promise<void> {
  const { request, response, parameters, query, access, version } = exchange;
  if (!acceptsDicomJson(acceptLines(request))) throw notAcceptableFilter();
  const options = parseSearchOptions(query);
  access.require('read', studyNamed(exchange));
  const scope = pathScope(parameters);
  const { filters, include, erroneous } = parseSearchQuery(
    options,
    resource,
    searchableTags(exchange)
  );
  if (erroneous.length > 0) response.setHeader('erroneous-dicom-attributes', erroneous.join(','));

  const { runs, passes } = findMatches(exchange, resource, scope, filters, options.fuzzyMatching);
  const page = newestFirst(runs, options, passes);
  if (page.length === 0) {
    response.writeHead(204).end();
    return;
  }
  const tags = requestedTags(resource, version, include);
  for (const { tag } of filters) tags.add(tag);
  if (scope.studyInstanceUID !== undefined) tags.add('0020000D');
  if (scope.seriesInstanceUID !== undefined) tags.add('0020000E');
  const results = page.map(newest => ({
    ...resultOf(exchange.store.index, newest, tags, resource.result),
    ...externalResult(exchange, newest.studyInstanceUID, tags),
  }));
  answerJson(response, 200, JSON.stringify(results));
}

/** The study which path or filter names, for share tokens. */
function studyNamed({ parameters, query }: Exchange): string | undefined {
  const named = parameters.study ?? query.get('StudyInstanceUID') ?? query.get('0020000D');
  return named === null ? undefined : withoutPadding(named);
}

/**
 * What matches, each study or series as its newest instance. The instances of a series are one run,
 * and are looked at only when the page comes to them.
 */
function findMatches(
  exchange: Exchange,
  resource: SearchResource,
  scope: ReturnType<typeof pathScope>,
  filters: readonly Filter[],
  fuzzyMatching: boolean
): { runs: Run[]; passes: (instance: StoredInstance) => boolean } {
  const { store, access } = exchange;
  const of = (level: Level) =>
    filters
      .filter(filter => filter.level === level)
      .map(filter => ({ ...filter, matches: matcherOf(filter, fuzzyMatching) }));
  const byLevel = { study: of('study'), series: of('series'), instance: of('instance') };
  const passes = (row: Pick<Row, 'attributes' | 'instances'>, level: Level) =>
    byLevel[level].every(filter => {
      const attribute = filter.extended
        ? searchableValue(exchange, filter.extended, row.instances)
        : row.attributes[filter.tag];
      if (filter.tag !== '00080061') return filter.matches(attribute);
      // Any modality of the study may match. [reference 2.3]
      return (attribute?.Value ?? []).some(value => filter.matches({ vr: 'CS', Value: [value] }));
    });

  const studies = scope.studyInstanceUID
    ? [scope.studyInstanceUID]
    : store.index.studyInstanceUIDs();
  const runs: Run[] = [];
  for (const studyInstanceUID of studies) {
    if (access.studies && !access.studies.has(studyInstanceUID)) continue;
    const study = studyRow(store.index.find({ studyInstanceUID }));
    if (!study || !passes(study, 'study')) continue;
    if (resource.result === 'study') {
      runs.push([study.newest]);
      continue;
    }
    for (const series of seriesOf(store.index, studyInstanceUID, scope.seriesInstanceUID)) {
      if (!passes(series, 'series')) continue;
      runs.push(resource.result === 'series' ? [series.newest] : series.instances);
    }
  }
  if (resource.result !== 'instance' || byLevel.instance.length === 0) {
    return { runs, passes: () => true };
  }
  return {
    runs,
    passes: instance => {
      const uid = { vr: 'UI', Value: [instance.sopInstanceUID] };
      return passes({ attributes: { '00080018': uid }, instances: [instance] }, 'instance');
    },
  };
}

function seriesOf(
  index: InstanceIndex,
  studyInstanceUID: string,
  seriesInstanceUID: string | undefined
): Row[] {
  const uids =
    seriesInstanceUID === undefined
      ? index.seriesInstanceUIDs(studyInstanceUID)
      : [seriesInstanceUID];
  return uids
    .map(uid => seriesRow(index.find({ studyInstanceUID, seriesInstanceUID: uid })))
    .filter(row => row !== undefined);
}

/** Attributes which the database of the service answers; others need the metadata. [reference 2.5] */
const IN_ROWS: ReadonlySet<string> = new Set([
  ...SEARCHABLE.study,
  ...SEARCHABLE.series,
  ...COMPUTED.study,
  ...COMPUTED.series,
]);

/** @param newest - its metadata answers what the rows of the database do not hold. */
function resultOf(
  index: InstanceIndex,
  newest: StoredInstance,
  tags: ReadonlySet<string>,
  level: Level
): JsonDataSet {
  const rowsAnswer = level !== 'instance' && [...tags].every(tag => IN_ROWS.has(tag));
  const { studyInstanceUID, seriesInstanceUID } = newest;
  const study = () => studyRow(index.find({ studyInstanceUID }));
  // On `/studies` attributes of the series are those of the newest one. [reference 2.5]
  const series = () => seriesRow(index.find({ studyInstanceUID, seriesInstanceUID }));
  const ownRow = level === 'study' ? study() : level === 'series' ? series() : undefined;
  const rows = rowsAnswer ? [ownRow, study(), series()] : [ownRow];
  const metadata = rowsAnswer ? {} : (JSON.parse(newest.metadata) as JsonDataSet);
  const result: JsonDataSet = {};
  for (const tag of [...tags].sort()) {
    const row = rows.find(one => one?.attributes[tag] !== undefined);
    const attribute = row?.attributes[tag] ?? metadata[tag];
    if (attribute?.Value) result[tag] = attribute;
  }
  return result;
}
