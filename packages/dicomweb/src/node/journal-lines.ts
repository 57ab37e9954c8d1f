import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { FILE_OUTCOME_KINDS } from './file-outcome.ts';
import type { FileOutcome } from './file-outcome.ts';
import { JournalError } from './journal-error.ts';

/** The first line. */
export interface JournalHead {
  readonly journal: 'ohif-azure store';
  readonly version: 1;
  readonly service: string;
  /** What was given to store, absolute. */
  readonly paths: readonly string[];
}

/** A file as it was when something of it was noted. */
export interface NotedFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** Noted before a request goes out: whatever happens then, these are to be asked for before they are sent again. */
export interface SendingLine {
  readonly event: 'sending';
  readonly files: readonly NotedFile[];
}

/** Noted when a file has its outcome. */
export interface OutcomeLine extends NotedFile {
  readonly event: 'outcome';
  /** Of the content that was sent. */
  readonly crc32?: number;
  readonly outcome: FileOutcome;
}

/** A file that was being sent when the run ended, and what was noted of it before. */
export interface SendingEntry extends NotedFile {
  readonly earlier?: OutcomeLine;
}

/** What a journal holds. */
export interface JournalContent {
  readonly head: JournalHead;
  readonly entries: ReadonlyMap<string, SendingEntry | OutcomeLine>;
  /** Bytes up to the end of the last whole line. */
  readonly length: number;
}

const BEGINNING = '{"journal":"ohif-azure store"';

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isNoted(value: unknown): value is NotedFile {
  const { path, bytes, mtimeMs } = (value ?? {}) as Record<string, unknown>;
  return typeof path === 'string' && typeof bytes === 'number' && typeof mtimeMs === 'number';
}

function isOutcome(value: unknown): value is FileOutcome {
  const { file, outcome } = (value ?? {}) as Record<string, unknown>;
  return typeof file === 'string' && (FILE_OUTCOME_KINDS as readonly unknown[]).includes(outcome);
}

function isHead(value: Record<string, unknown>): boolean {
  return (
    value.journal === 'ohif-azure store' &&
    value.version === 1 &&
    typeof value.service === 'string' &&
    Array.isArray(value.paths)
  );
}

/** The lines of a file with the offset behind each; the last one only when it is whole. */
async function* linesOf(path: string): AsyncGenerator<{ text: string; end: number }, void> {
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let end = rest.indexOf(10, from); end >= 0; end = rest.indexOf(10, from)) {
      yield { text: rest.toString('utf8', from, end), end: at + end + 1 };
      from = end + 1;
    }
    at += from;
    rest = rest.subarray(from);
  }
}

/** A file without a whole line is ours only when it begins as a journal does. */
async function isTornHead(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING.length), 0);
    return BEGINNING.startsWith(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/**
 * Reads a journal. What a power failure left at its end (half a line, or lines that are none) is not counted.
 * @returns undefined when it has no whole first line: nothing was begun.
 * @throws {JournalError} ERR_STORE_JOURNAL_UNREADABLE; what the file system throws.
 */
export async function readJournal(path: string): Promise<JournalContent | undefined> {
  const entries = new Map<string, SendingEntry | OutcomeLine>();
  let head: JournalHead | undefined;
  let length = 0;
  let number = 0;
  let firstBad: number | undefined;
  const unreadable = (line: number): JournalError =>
    new JournalError(
      'ERR_STORE_JOURNAL_UNREADABLE',
      `${path}, line ${line}: expected a line of a journal that this program wrote`
    );
  for await (const { text, end } of linesOf(path)) {
    number += 1;
    const value = parse(text);
    if (number === 1) {
      if (!value || !isHead(value)) throw unreadable(1);
      head = value as unknown as JournalHead;
    } else if (value?.event === 'sending' && Array.isArray(value.files)) {
      for (const file of value.files) {
        if (!isNoted(file)) continue;
        const before = entries.get(file.path);
        const { path: noted, bytes, mtimeMs } = file;
        const earlier = before && ('event' in before ? before : before.earlier);
        entries.set(noted, { path: noted, bytes, mtimeMs, earlier });
      }
    } else if (value?.event === 'outcome' && isNoted(value) && isOutcome(value.outcome)) {
      entries.set(value.path, value as unknown as OutcomeLine);
    } else {
      firstBad ??= number;
      continue;
    }
    if (firstBad !== undefined) throw unreadable(firstBad);
    length = end;
  }
  if (!head && !(await isTornHead(path))) throw unreadable(1);
  return head && { head, entries, length };
}
