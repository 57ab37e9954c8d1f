import { formatReasonCode } from '@ohif-azure/dicomweb';
import {
  FILE_OUTCOME_KINDS,
  type FileOutcome,
  type FileOutcomeCounts,
  type FileOutcomeKind,
  type StoreFilesResult,
} from '@ohif-azure/dicomweb/node';
import { bytes, count, duration } from '../terminal/plural.ts';
import { safeText } from '../terminal/safe-text.ts';
import type { Terminal } from '../terminal/terminal.ts';

const WORDS: Readonly<Record<FileOutcomeKind, string>> = {
  stored: 'stored',
  storedWithWarnings: 'stored, with warnings',
  alreadyStored: 'already stored before',
  rejected: 'rejected',
  unknown: 'outcome not known',
  notSent: 'not sent',
  notDicom: 'no DICOM, left aside',
};

/** Outcomes after which something is left to do. */
export const UNDONE: readonly FileOutcomeKind[] = ['rejected', 'unknown', 'notSent'];

/** Reasons, and files of each, that are told of; the report has all. */
const MAX_GROUPS = 12;
const MAX_FILES = 3;

/** What `store --json` prints of a file (design, section 9); `null` where there is nothing to say. */
export function jsonOutcome(outcome: FileOutcome): object {
  const { file, failureReason = null, warningReason = null, message = null } = outcome;
  return {
    file,
    outcome: outcome.outcome,
    sopInstanceUID: outcome.sopInstanceUID ?? null,
    failureReason,
    warningReason,
    message,
  };
}

/** The reason of an outcome in words, with its code decimal and hexadecimal. */
export function reasonOf({ message, failureReason, warningReason, remedy }: FileOutcome): string {
  const code = failureReason ?? warningReason;
  const words = safeText(message ?? '');
  const formatted = code === undefined ? '' : formatReasonCode(code);
  const coded = formatted === '' || words.includes(formatted) ? words : `${words} [${formatted}]`;
  return [coded, safeText(remedy ?? '')].filter(Boolean).join(' ');
}

/** Outcomes that something is said of. */
const TOLD: readonly FileOutcomeKind[] = [...UNDONE, 'storedWithWarnings', 'notDicom'];

interface Group {
  readonly outcome: FileOutcomeKind;
  readonly reason: string;
  readonly files: string[];
  total: number;
}

/** Collects what is to be said of files, by reason: a thousand files with one remark are one remark. */
export class Problems {
  readonly #groups = new Map<string, Group>();

  add(outcome: FileOutcome): void {
    if (!TOLD.includes(outcome.outcome)) return;
    const reason = outcome.outcome === 'notDicom' ? '' : reasonOf(outcome);
    const key = `${outcome.outcome} ${reason}`;
    const group = this.#groups.get(key) ?? {
      outcome: outcome.outcome,
      reason,
      files: [],
      total: 0,
    };
    this.#groups.set(key, group);
    group.total += 1;
    if (group.files.length < MAX_FILES) group.files.push(safeText(outcome.file));
  }

  /** A few lines for each reason: what is left to do first. */
  tell({ note, noteColors }: Terminal): void {
    const groups = [...this.#groups.values()].sort(
      (a, b) => TOLD.indexOf(a.outcome) - TOLD.indexOf(b.outcome) || b.total - a.total
    );
    for (const { outcome, reason, files, total } of groups.slice(0, MAX_GROUPS)) {
      note(`${colorOf(outcome, noteColors)(WORDS[outcome])}: ${count(total, 'file')}`);
      if (reason) note(`  ${reason}`);
      for (const file of files) note(noteColors.dim(`  - ${file}`));
      if (total > files.length)
        note(noteColors.dim(`  - and ${count(total - files.length, 'more', 'more')}`));
    }
    if (groups.length > MAX_GROUPS) {
      note(
        noteColors.dim(`and ${count(groups.length - MAX_GROUPS, 'other reason')}: see the report`)
      );
    }
  }
}

/** The counts by outcome, what moved how fast, and where the report is. */
export function tellSummary(
  { summary, sentBytes, durationMs }: StoreFilesResult,
  report: string,
  { print, colors }: Terminal
): void {
  for (const kind of FILE_OUTCOME_KINDS) {
    if (summary[kind] > 0) print(`${colorOf(kind, colors)(number(summary, kind))}  ${WORDS[kind]}`);
  }
  if (FILE_OUTCOME_KINDS.every(kind => summary[kind] === 0)) print('There was no file to store.');
  const rate =
    durationMs > 0 && sentBytes > 0 ? `, ${bytes((sentBytes * 1000) / durationMs)}/s` : '';
  print(colors.dim(`${bytes(sentBytes)} sent in ${duration(durationMs)}${rate}`));
  print(`Report, one line for each file: ${report}`);
}

function number(summary: FileOutcomeCounts, kind: FileOutcomeKind): string {
  const width = Math.max(
    ...FILE_OUTCOME_KINDS.map(one => summary[one].toLocaleString('en').length)
  );
  return summary[kind].toLocaleString('en').padStart(width);
}

function colorOf(kind: FileOutcomeKind, colors: Terminal['colors']): (text: string) => string {
  if (UNDONE.includes(kind)) return colors.red;
  if (kind === 'storedWithWarnings') return colors.yellow;
  return kind === 'notDicom' ? colors.dim : colors.green;
}
