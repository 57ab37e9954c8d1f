import { isProjectError, redact } from '@ohif-azure/core';
import { EmulatorStartError } from '@ohif-azure/emulator';
import { CommanderError } from 'commander';
import { EXIT, FailedError } from './exit-status.ts';
import { UsageError } from './usage-error.ts';

/** What helps, by the last part of a transaction's code (ERR_SEARCH_FORBIDDEN). */
const REMEDIES: readonly (readonly [ending: string, remedy: string])[] = [
  [
    '_UNAUTHORIZED',
    'The service accepts no request without an access token that is for it. See what yours is with: ohif-azure token',
  ],
  [
    '_FORBIDDEN',
    'The account has no role that permits this. Assign DICOM Data Owner (or DICOM Data Reader to read) at the service; it may take five minutes. More: ohif-azure doctor',
  ],
  ['_THROTTLED', 'The service is overloaded. Try again later.'],
  ['_UNREACHABLE', 'Check the address and the network. More: ohif-azure doctor'],
  [
    '_UNSUPPORTED',
    'The Azure DICOM service compares whole values: it knows no wildcards and no lists.',
  ],
];

/** A failure of the machine, in words. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user may not do that',
  EPERM: 'this user may not do that',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it is not a folder',
};

/**
 * Says on stderr what failed, on what and what helps, in lines without secrets.
 * @returns the exit status.
 */
export function reportError(error: unknown): number {
  // commander has printed its own message already; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
  if (error instanceof UsageError || error instanceof EmulatorStartError) {
    console.error(`ohif-azure: ${error.message}`);
    return EXIT.wrongUse;
  }
  console.error(`ohif-azure: ${wordsOf(error)}`);
  return EXIT.failed;
}

function wordsOf(error: unknown): string {
  if (error instanceof FailedError) return error.message;
  if (isProjectError(error)) {
    const { serverText } = error as { serverText?: unknown };
    // Messages of sign-in say themselves what helps.
    const remedy = error.code.startsWith('ERR_AUTH_')
      ? undefined
      : REMEDIES.find(([ending]) => error.code.endsWith(ending))?.[1];
    const said =
      typeof serverText === 'string' && serverText ? `\n  The server said: ${serverText}` : '';
    return `${error.message}${said}${remedy ? `\n  ${remedy}` : ''}`;
  }
  if (!(error instanceof Error)) return redact(String(error));
  const { code, path } = error as NodeJS.ErrnoException;
  const words =
    code !== undefined && Object.hasOwn(SYSTEM_ERRORS, code) ? SYSTEM_ERRORS[code] : undefined;
  return words ? `${path ?? 'a file'}: ${words} (${code})` : redact(error.message);
}
