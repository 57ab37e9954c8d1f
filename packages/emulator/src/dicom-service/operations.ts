import { ServiceError } from '../http/service-error.ts';
import type { Operation } from '../archive/operations.ts';
import { answerPlainJson, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { timeText } from './time-text.ts';

/** Where the state of an operation can be asked for. */
export const operationHref = ({ versionRoot }: Exchange, id: string) =>
  `${versionRoot}/operations/${id}`;

/** 202 for an operation which was accepted. */
export function answerAccepted(
  exchange: Exchange,
  { id }: Operation,
  headers: Record<string, string> = {}
): void {
  const href = operationHref(exchange, id);
  answerPlainJson(exchange.response, 202, { id, href }, headers);
}

/** 409 because an operation of the kind is under way. @param kind - as the service calls it. */
export function operationConflict(
  exchange: Exchange,
  { id }: Operation,
  kind: string,
  headers: Record<string, string> = {}
): ServiceError {
  return new ServiceError(
    409,
    `There is already an active ${kind} operation with ID '${id}'.`,
    headers
  );
}

/** The state of an operation. @see reference 4, Operations */
export async function getOperation(exchange: Exchange): Promise<void> {
  const { parameters, archive, response, version, versionRoot } = exchange;
  requireForAll(exchange, 'read');
  const operation = archive.operations.get(parameters.operation ?? '');
  if (!operation) throw new ServiceError(404, '');
  const over = operation.status === 'succeeded' || operation.status === 'failed';
  const body = {
    operationId: operation.id,
    type: operation.type,
    createdTime: timeText(operation.createdTime * 1000, 'Z'),
    lastUpdatedTime: timeText(operation.lastUpdatedTime * 1000, 'Z'),
    status: version === 1 && operation.status === 'succeeded' ? 'completed' : operation.status,
    percentComplete: operation.percentComplete,
    results: operation.results,
    resources: operation.tagPaths?.map(path => `${versionRoot}/extendedquerytags/${path}`),
  };
  const headers: Record<string, string> = over
    ? {}
    : { Location: operationHref(exchange, operation.id) };
  answerPlainJson(response, over ? 200 : 202, body, headers);
}
