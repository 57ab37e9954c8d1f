import { AZURE_MAX_LIMIT, toAzureFilters, toAzureLimit } from './azure-search.ts';
import { isDicomJson, parseJson, stringOf } from './dicom-json.ts';
import type { DicomJson } from './dicom-json.ts';
import { failureKind, SearchError } from './errors.ts';
import { abortReasonOr, exchange } from './exchange.ts';
import type { Answer, ExchangeContext, RequestOptions } from './exchange.ts';
import { describeStatus, transactionMessage } from './message.ts';
import { resourcePath } from './resource.ts';
import { serverText } from './server-text.ts';
import { TransportError } from './transport.ts';

/** What to search for. */
export interface SearchParameters extends RequestOptions {
  /** Values to match, by keyword (PS3.6) or by tag (eight hexadecimal digits). */
  readonly filters?: Readonly<Record<string, string>>;
  /** Matches the beginnings of the words of a person's name; other attributes are not concerned. Default: not sent. */
  readonly fuzzymatching?: boolean;
  /** Attributes to return besides the usual ones, by keyword or tag; or `all` alone. */
  readonly includefield?: readonly string[];
  /** The most results to return. Azure: 1 to 200 (clamped), 100 when absent. */
  readonly limit?: number;
  /** Results to leave out at the beginning; default 0. */
  readonly offset?: number;
  /**
   * Azure: values are sent as they are, wildcards and lists too, which the service takes literally: for a value that the archive itself gave.
   * Default: false.
   */
  readonly isLiteral?: boolean;
  /** Searches only in this study (series and instances). */
  readonly studyInstanceUID?: string;
  /** Searches only in this series (instances); needs `studyInstanceUID`. */
  readonly seriesInstanceUID?: string;
}

/** The levels of the hierarchy. */
export type SearchLevel = 'studies' | 'series' | 'instances';

const UID_OF_LEVEL = {
  studies: 'StudyInstanceUID',
  series: 'SeriesInstanceUID',
  instances: 'SOPInstanceUID',
} as const;

/** Results of one request of an iteration where the caller names none. */
const DEFAULT_PAGE = 100;

function searchPath(level: SearchLevel, parameters: SearchParameters): string {
  const { studyInstanceUID, seriesInstanceUID } = parameters;
  if (level === 'studies' || (studyInstanceUID === undefined && seriesInstanceUID === undefined)) {
    return `/${level}`;
  }
  return `${resourcePath(
    level === 'series' ? { studyInstanceUID } : { studyInstanceUID, seriesInstanceUID }
  )}/${level}`;
}

function queryOf(
  filters: Readonly<Record<string, string>>,
  parameters: SearchParameters,
  isAzure: boolean
): string {
  const { fuzzymatching, includefield, limit, offset } = parameters;
  const query = new URLSearchParams(Object.entries(filters));
  if (fuzzymatching !== undefined) query.set('fuzzymatching', String(fuzzymatching));
  if (includefield?.length) query.set('includefield', includefield.join(','));
  if (limit !== undefined) query.set('limit', String(isAzure ? toAzureLimit(limit) : limit));
  if (offset) query.set('offset', String(offset));
  const text = query.toString();
  return text && `?${text}`;
}

/**
 * Searches for studies, series or instances: one request, one page.
 * @returns data sets in the DICOM JSON Model; none for 204.
 * @throws {SearchError} ERR_SEARCH_UNSUPPORTED (Azure: a wildcard inside a value, or a list; nothing is sent), ERR_SEARCH_UNAUTHORIZED,
 *   _FORBIDDEN, _THROTTLED, _UNREACHABLE, _REFUSED (with `httpStatus` and `serverText`), _UNREADABLE.
 * @throws the signal's reason when it is aborted; what the authorization source throws; TypeError for a UID that is none.
 * @see PS3.18 10.6 Search Transaction; Azure DICOM service conformance statement v2, Search
 */
export async function search(
  context: ExchangeContext,
  level: SearchLevel,
  parameters: SearchParameters = {}
): Promise<DicomJson[]> {
  const isAzure = context.dialect === 'azure';
  const path = searchPath(level, parameters);
  const url = context.serviceUrl + path;
  const { filters: given = {}, fuzzymatching = false, signal, onWaiting } = parameters;
  let filters = given;
  if (isAzure && !parameters.isLiteral) {
    const azure = toAzureFilters(given, fuzzymatching);
    if (azure.unsupported.length > 0) {
      const what = azure.unsupported.map(({ attribute, why }) => `${attribute}: ${why}`).join('; ');
      throw new SearchError(
        'ERR_SEARCH_UNSUPPORTED',
        transactionMessage('QIDO-RS', 'GET', url, `not sent, ${what}`)
      );
    }
    filters = azure.filters;
  }
  let answer: Answer;
  try {
    answer = await exchange(context, {
      operation: 'search',
      studyInstanceUID: parameters.studyInstanceUID,
      method: 'GET',
      path: path + queryOf(filters, parameters, isAzure),
      headers: { Accept: 'application/dicom+json' },
      signal,
      onWaiting,
    });
  } catch (error) {
    if (!(error instanceof TransportError) || signal?.aborted) throw abortReasonOr(error, signal);
    throw new SearchError(
      'ERR_SEARCH_UNREACHABLE',
      transactionMessage(
        'QIDO-RS',
        'GET',
        url,
        error.httpStatus ? 'the answer was cut' : 'no answer'
      ),
      { cause: error, httpStatus: error.httpStatus }
    );
  }
  const { status, body, retryAfterMs } = answer;
  if (status === 204) return [];
  if (status < 200 || status > 299) {
    throw new SearchError(
      `ERR_SEARCH_${failureKind(status)}`,
      transactionMessage('QIDO-RS', 'GET', url, describeStatus(status)),
      { httpStatus: status, serverText: serverText(body), retryAfterMs }
    );
  }
  const parsed = parseJson(body);
  if (!Array.isArray(parsed)) {
    throw new SearchError(
      'ERR_SEARCH_UNREADABLE',
      transactionMessage(
        'QIDO-RS',
        'GET',
        url,
        `${describeStatus(status)}, not a DICOM JSON array`
      ),
      { httpStatus: status }
    );
  }
  return parsed.filter(isDicomJson);
}

/**
 * Searches page after page.
 * @param parameters - as of {@link searchAll}.
 * @returns pages without what stood in one before (a study that arrives meanwhile shifts the pages); none is empty.
 * @throws as {@link search}.
 */
export async function* searchPages(
  context: ExchangeContext,
  level: SearchLevel,
  parameters: SearchParameters = {}
): AsyncGenerator<DicomJson[], void> {
  const isAzure = context.dialect === 'azure';
  const wanted = parameters.limit ?? (isAzure ? AZURE_MAX_LIMIT : DEFAULT_PAGE);
  const limit = isAzure ? toAzureLimit(wanted) : wanted;
  const seen = new Set<string>();
  for (let offset = parameters.offset ?? 0; ;) {
    const page = await search(context, level, { ...parameters, limit, offset });
    const fresh = page.filter(dataset => {
      const uid = stringOf(dataset, UID_OF_LEVEL[level]);
      if (uid === undefined) return true;
      const isFresh = !seen.has(uid);
      seen.add(uid);
      return isFresh;
    });
    if (fresh.length > 0) yield fresh;
    // Other servers may have smaller pages than asked for; one that ignores `offset` gives the same page again.
    if (page.length === 0 || fresh.length === 0 || (isAzure && page.length < limit)) return;
    offset += page.length;
  }
}

/**
 * Searches page after page, and gives each result once.
 * @param parameters - `limit` is the size of a page: at most 200 with Azure (its default here), else by default 100; `offset`: where to begin.
 * @throws as {@link search}.
 */
export async function* searchAll(
  context: ExchangeContext,
  level: SearchLevel,
  parameters: SearchParameters = {}
): AsyncGenerator<DicomJson, void> {
  for await (const page of searchPages(context, level, parameters)) yield* page;
}
