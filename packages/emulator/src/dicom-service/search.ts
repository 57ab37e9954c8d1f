import { acceptsDicomJson } from '../http/media-type.ts';
import { notAcceptableFilter } from '../http/service-error.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { withoutPadding } from '../part10/element-values.ts';
import type { InstanceIndex } from '../storage/instance-index.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { acceptLines, answerJson, pathScope } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { seriesRow, studyRow } from './search-rows.ts';
import type { Row } from './search-rows.ts';
import { matchesFilter } from './search-match.ts';
import { parseSearchOptions, parseSearchQuery } from './search-query.ts';
import type { Filter } from './search-query.ts';
import { COMPUTED, requestedTags, SEARCHABLE } from './search-resources.ts';
import type { Level, SearchResource } from './search-resources.ts';

/** What one result stands for. */
interface Match {
  study: Row;
  series?: Row;
  /** The newest instance: its metadata answers what the rows do not hold. */
  newest: StoredInstance;
}

/** Searches for studies, series or instances. @see PS3.18 10.6; reference 2 */
export async function search(exchange: Exchange, resource: SearchResource): Promise<void> {
  const { request, response, parameters, query, access, version, archive } = exchange;
  if (!acceptsDicomJson(acceptLines(request))) throw notAcceptableFilter();
  const options = parseSearchOptions(query);
  access.require('read', studyNamed(exchange));
  const scope = pathScope(parameters);
  const extended = archive.tags.list().filter(tag => tag.status === 'ready');
  const { filters, include, erroneous } = parseSearchQuery(options, resource, extended);
  if (erroneous.length > 0) response.setHeader('erroneous-dicom-attributes', erroneous.join(','));

  const matches = findMatches(exchange, resource, scope, filters, options.fuzzyMatching);
  const page = matches
    .sort((a, b) => b.newest.watermark - a.newest.watermark)
    .slice(options.offset, options.offset + options.limit);
  if (page.length === 0) {
    response.writeHead(204).end();
    return;
  }
  const tags = requestedTags(resource, version, include);
  for (const { tag } of filters) tags.add(tag);
  if (scope.studyInstanceUID !== undefined) tags.add('0020000D');
  if (scope.seriesInstanceUID !== undefined) tags.add('0020000E');
  const results = page.map(match => resultOf(exchange.store.index, match, tags, resource.result));
  answerJson(response, 200, JSON.stringify(results));
}

/** The study which path or filter names, for share tokens. */
function studyNamed({ parameters, query }: Exchange): string | undefined {
  const named = parameters.study ?? query.get('StudyInstanceUID') ?? query.get('0020000D');
  return named === null ? undefined : withoutPadding(named);
}

function findMatches(
  { store, access, archive, partition }: Exchange,
  resource: SearchResource,
  scope: ReturnType<typeof pathScope>,
  filters: readonly Filter[],
  fuzzyMatching: boolean
): Match[] {
  const of = (level: Level) => filters.filter(filter => filter.level === level);
  const byLevel = { study: of('study'), series: of('series'), instance: of('instance') };
  const passes = (row: Pick<Row, 'attributes' | 'instances'>, level: Level) =>
    byLevel[level].every(filter => {
      const attribute = filter.extended
        ? archive.tags.valueOf(filter.extended, partition.name, row.instances)
        : row.attributes[filter.tag];
      if (filter.tag !== '00080061') return matchesFilter(attribute, filter, fuzzyMatching);
      // Any modality of the study may match. [reference 2.3]
      return (attribute?.Value ?? []).some(value =>
        matchesFilter({ vr: 'CS', Value: [value] }, filter, fuzzyMatching)
      );
    });

  const studies = scope.studyInstanceUID
    ? [scope.studyInstanceUID]
    : store.index.studyInstanceUIDs();
  const matches: Match[] = [];
  for (const studyInstanceUID of studies) {
    if (access.studies && !access.studies.has(studyInstanceUID)) continue;
    const study = studyRow(store.index.find({ studyInstanceUID }));
    if (!study || !passes(study, 'study')) continue;
    if (resource.result === 'study') {
      matches.push({ study, newest: study.newest });
      continue;
    }
    for (const series of seriesOf(store.index, studyInstanceUID, scope.seriesInstanceUID)) {
      if (!passes(series, 'series')) continue;
      if (resource.result === 'series') {
        matches.push({ study, series, newest: series.newest });
        continue;
      }
      for (const instance of series.instances) {
        const row = { attributes: instance.indexed, instances: [instance] };
        if (byLevel.instance.length > 0 && !passes(row, 'instance')) continue;
        matches.push({ study, series, newest: instance });
      }
    }
  }
  return matches;
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

function resultOf(
  index: InstanceIndex,
  match: Match,
  tags: ReadonlySet<string>,
  level: Level
): JsonDataSet {
  const rowsAnswer = level !== 'instance' && [...tags].every(tag => IN_ROWS.has(tag));
  const { study, series } = match;
  const ownRow = level === 'study' ? study : level === 'series' ? series : undefined;
  const rows = rowsAnswer ? [ownRow, study, series ?? seriesOfNewest(index, match)] : [ownRow];
  const metadata = rowsAnswer ? {} : (JSON.parse(match.newest.metadata) as JsonDataSet);
  const result: JsonDataSet = {};
  for (const tag of [...tags].sort()) {
    const row = rows.find(one => one?.attributes[tag] !== undefined);
    const attribute = row?.attributes[tag] ?? metadata[tag];
    if (attribute?.Value) result[tag] = attribute;
  }
  return result;
}

/** On `/studies` attributes of the series are those of the newest one. [reference 2.5] */
function seriesOfNewest(index: InstanceIndex, { newest }: Match): Row | undefined {
  const { studyInstanceUID, seriesInstanceUID } = newest;
  return seriesRow(index.find({ studyInstanceUID, seriesInstanceUID }));
}
