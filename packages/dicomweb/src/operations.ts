import { sleep } from '@ohif-azure/core';
import { contextOf } from './client-context.ts';
import type { DicomwebClient } from './client.ts';
import { parseJson } from './dicom-json.ts';
import type { RequestOptions } from './exchange.ts';
import { get, unreadable } from './retrieve.ts';

/** A long operation of the Azure DICOM service: export, bulk update, re-indexing. */
export interface Operation {
  readonly operationId: string;
  /** `export`, `update`, `reindex` ... */
  readonly type: string;
  /** As the service writes it; the end is `succeeded` (version 2), `completed` (version 1), `failed` or `canceled`. */
  readonly status: string;
  /** It goes on no more. */
  readonly isFinished: boolean;
  /** It has done what was asked for. */
  readonly hasSucceeded: boolean;
  readonly percentComplete: number | undefined;
  /** What the service gives as the result; its shape depends on the type. */
  readonly results: unknown;
}

/** How long to wait between two questions, in milliseconds. */
export const DEFAULT_POLL_MS = 2000;

/**
 * Asks for an operation.
 * @param operationId - its id, or the `href` that the service gave.
 * @throws {RetrieveError} ERR_RETRIEVE_NOT_FOUND when there is none, and as `retrieveInstance`; TypeError when it is no id.
 * @see Azure DICOM service, Operations
 */
export async function operationStatus(
  client: DicomwebClient,
  operationId: string,
  options: RequestOptions = {}
): Promise<Operation> {
  const context = contextOf(client);
  const id = /([0-9a-f-]{32,36})\/?$/i.exec(operationId)?.[1];
  if (!id) throw new TypeError('operationId: expected an id of 32 hexadecimal digits');
  const path = `/operations/${id}`;
  const answer = await get(context, undefined, path, 'application/json', options, 'accepted');
  const raw = parseJson(answer.body);
  if (typeof raw !== 'object' || raw === null) throw unreadable(context, path, 'not an operation');
  const { type, status, percentComplete, results } = raw as Record<string, unknown>;
  const word = typeof status === 'string' ? status : '';
  return {
    operationId: id,
    type: typeof type === 'string' ? type : '',
    status: word,
    isFinished: /^(succeeded|completed|failed|canceled|cancelled)$/i.test(word),
    hasSucceeded: /^(succeeded|completed)$/i.test(word),
    percentComplete: typeof percentComplete === 'number' ? percentComplete : undefined,
    results,
  };
}

/**
 * Waits for the end of an operation.
 * @param options - `pollMs`: default {@link DEFAULT_POLL_MS}; `onStatus`: told each answer.
 * @returns its last state; a failed operation does not throw (`hasSucceeded`).
 * @throws as {@link operationStatus}; the signal's reason when it is aborted.
 */
export async function waitForOperation(
  client: DicomwebClient,
  operationId: string,
  options: RequestOptions & {
    readonly pollMs?: number;
    readonly onStatus?: (operation: Operation) => void;
  } = {}
): Promise<Operation> {
  const { pollMs = DEFAULT_POLL_MS, onStatus, ...requestOptions } = options;
  for (;;) {
    const operation = await operationStatus(client, operationId, requestOptions);
    onStatus?.(operation);
    if (operation.isFinished) return operation;
    await sleep(contextOf(client).clock, pollMs, options.signal);
  }
}
