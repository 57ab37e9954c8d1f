import { redact } from '@ohif-azure/core';
import type { InstanceOutcome, StoreResult } from '@ohif-azure/dicomweb';
import { text } from '../texts/index.ts';

/** What an administrator needs to know of a Store transaction; empty when there is nothing to add to "saved". */
export function detailsOfResult({ instances, message }: StoreResult): string[] {
  const lines = instances.flatMap(linesOf);
  return lines.length > 0 ? [...new Set([...lines, redact(message)])] : [];
}

function linesOf({ outcome, reason, comments, settled }: InstanceOutcome): string[] {
  if (outcome === 'stored') return settled ? [text('report.stored-by-retrieval')] : [];
  const code = reason?.code === undefined ? '' : ` (${reason.code}, ${reason.hex})`;
  return [...(reason ? [`${reason.meaning}${code}`, reason.remedy] : []), ...comments.map(redact)];
}

/** What an administrator needs to know of an error; its message holds no secrets and no patient data. */
export function detailsOfError(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code, serverText } = error as { code?: unknown; serverText?: unknown };
  return [
    redact(error.message),
    ...(typeof serverText === 'string' && serverText ? [redact(serverText)] : []),
    ...(typeof code === 'string' ? [code] : []),
  ];
}
