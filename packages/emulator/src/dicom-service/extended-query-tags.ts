import type { Archive } from '../archive/archive.ts';
import type { ExtendedQueryTag, Located } from '../archive/extended-query-tags.ts';
import type { Operation } from '../archive/operations.ts';
import { badRequest, ServiceError } from '../http/service-error.ts';
import { checkRequestedTags, parseRequestedTags, tagOfPath } from './extended-query-tag-entries.ts';
import { answerEmpty, answerPlainJson, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { JsonBodyError, member, readJson } from './json-body.ts';
import { answerAccepted, operationConflict, operationHref } from './operations.ts';
import { parsePaging } from './query-options.ts';
import { timeText } from './time-text.ts';

const MAX_TAGS = 128;
const BOUNDS = { defaultLimit: 100, maxLimit: 200 };

/** Adds tags and begins to re-index. @see reference 4, Extended query tags */
export async function addExtendedQueryTags(exchange: Exchange): Promise<void> {
  const { archive } = exchange;
  const { operations, tags } = archive;
  const requested = parseRequestedTags(await bodyOf(exchange));
  requireForAll(exchange, 'manageExtendedQueryTags');
  const active = operations.active('reindex');
  if (active) {
    const headers = { Location: operationHref(exchange, active.id) };
    throw operationConflict(exchange, active, 're-index', headers);
  }
  const added = checkRequestedTags(requested);
  if (tags.list().length + added.length > MAX_TAGS) {
    throw new ServiceError(503, `Extended query tags exceeds max allowed count '${MAX_TAGS}'.`);
  }
  if (added.some(tag => tags.get(tag.path))) {
    throw new ServiceError(409, 'One or more extended query tags already exist.');
  }
  const operation = await beginReindexing(archive, added);
  answerAccepted(exchange, operation, { Location: operationHref(exchange, operation.id) });
}

/** Between the two steps the process may end: the next start indexes the tags. */
async function beginReindexing(archive: Archive, added: ExtendedQueryTag[]): Promise<Operation> {
  const { operations, tags, now } = archive;
  await tags.insert(added);
  const tagPaths = added.map(tag => tag.path);
  try {
    const isThere = (located: Located) => archive.isThere(located);
    const operation = await operations.start(
      'reindex',
      async ({ report }) => {
        await tags.reindex(added, archive.instances(), isThere, now, report);
        return undefined;
      },
      { tagPaths }
    );
    // Where there is nothing to index it may be over already.
    for (const tag of added) if (tag.status === 'adding') tag.operationId = operation.id;
    return operation;
  } catch (error) {
    for (const path of tagPaths) await tags.delete(path).catch(() => undefined);
    throw error;
  }
}

/** Lists the tags. */
export async function listExtendedQueryTags(exchange: Exchange): Promise<void> {
  const { archive, query, response } = exchange;
  const { limit, offset } = parsePaging(query, BOUNDS);
  requireForAll(exchange, 'read');
  const page = archive.tags.list().slice(offset, offset + limit);
  answerPlainJson(
    response,
    200,
    page.map(tag => entryOf(exchange, tag))
  );
}

/** Gets one tag. */
export async function getExtendedQueryTag(exchange: Exchange): Promise<void> {
  requireForAll(exchange, 'read');
  answerPlainJson(exchange.response, 200, entryOf(exchange, found(exchange)));
}

/** Removes a tag and its values. */
export async function deleteExtendedQueryTag(exchange: Exchange): Promise<void> {
  requireForAll(exchange, 'manageExtendedQueryTags');
  const tag = found(exchange);
  if (tag.status !== 'ready') {
    throw new ServiceError(503, `The extended query tag '${tag.path}' is being processed.`);
  }
  await exchange.archive.tags.delete(tag.path);
  answerEmpty(exchange.response, 204);
}

/** Permits or forbids searching by a tag. */
export async function updateExtendedQueryTag(exchange: Exchange): Promise<void> {
  const status = queryStatusOf(await bodyOf(exchange));
  requireForAll(exchange, 'manageExtendedQueryTags');
  const tag = found(exchange);
  tag.queryStatus = status;
  await exchange.archive.tags.save();
  answerPlainJson(exchange.response, 200, entryOf(exchange, tag));
}

/** Lists the instances whose values could not be indexed. */
export async function getExtendedQueryTagErrors(exchange: Exchange): Promise<void> {
  const { query, response, archive } = exchange;
  const { limit, offset } = parsePaging(query, BOUNDS);
  requireForAll(exchange, 'read');
  const errors = found(exchange).errors.slice(offset, offset + limit);
  const entries = errors.map(error => ({
    partitionName: archive.partitions.enabled ? error.partitionName : undefined,
    studyInstanceUid: error.studyInstanceUID,
    seriesInstanceUid: error.seriesInstanceUID,
    sopInstanceUid: error.sopInstanceUID,
    createdTime: timeText(error.createdTime * 1000, ''),
    errorMessage: error.message,
  }));
  answerPlainJson(response, 200, entries);
}

/** @throws {ServiceError} 400 for a path which is none, 404 for a tag which is not there. */
function found({ archive, parameters }: Exchange): ExtendedQueryTag {
  const path = tagOfPath(parameters.tag ?? '');
  const tag = archive.tags.get(path);
  if (tag) return tag;
  throw new ServiceError(
    404,
    `The specified extended query tag with tag path ${path} cannot be found.`
  );
}

function entryOf(exchange: Exchange, tag: ExtendedQueryTag) {
  const { path, vr, privateCreator, level, status, queryStatus, operationId, errors } = tag;
  const href = `${exchange.versionRoot}/extendedquerytags/${path}/errors`;
  return {
    status,
    level,
    errors: errors.length > 0 ? { count: errors.length, href } : undefined,
    operation: operationId && { id: operationId, href: operationHref(exchange, operationId) },
    queryStatus,
    path,
    vr,
    privateCreator,
  };
}

async function bodyOf({ request }: Exchange): Promise<unknown> {
  try {
    return await readJson(request);
  } catch (error) {
    if (!(error instanceof JsonBodyError)) throw error;
    throw badRequest(`The field '${error.key}' in request body is invalid: ${error.message}`);
  }
}

function queryStatusOf(body: unknown): 'enabled' | 'disabled' {
  const unknown = Object.keys((body ?? {}) as object).findLast(
    name => name.toLowerCase() !== 'querystatus'
  );
  const value = member(body, 'QueryStatus');
  if (value === undefined || value === null) {
    throw badRequest(
      `The field 'QueryStatus' in request body is invalid: The QueryStatus field is required.`
    );
  }
  const status = typeof value === 'string' ? value.toLowerCase() : '';
  if (status !== 'enabled' && status !== 'disabled') {
    throw badRequest(
      `The field '$.QueryStatus' in request body is invalid: The value is not valid. It need to be one of "Disabled","Enabled".`
    );
  }
  if (unknown !== undefined) {
    throw badRequest(
      `The field '${unknown}' in request body is invalid: The field is not supported: "${unknown}".`
    );
  }
  return status;
}
