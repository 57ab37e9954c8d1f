import { createInterface } from 'node:readline/promises';
import { UsageError } from '../usage-error.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks a question on the terminal.
 * @returns what was typed, trimmed; undefined: the input ended (Ctrl-D, Ctrl-C).
 */
export async function ask(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>(resolve => {
    lines.once('close', () => resolve(undefined));
    lines.once('SIGINT', () => resolve(undefined));
  });
  try {
    return (await Promise.race([lines.question(question), ended]))?.trim();
  } finally {
    lines.close();
  }
}

/**
 * Asks before something that cannot be undone. Only `yes`, written out, is a yes.
 * @param yes - the answer was given on the command line (`--yes`).
 * @throws {UsageError} where nobody can be asked.
 */
export async function confirm(
  question: string,
  { yes, terminal }: { yes: boolean; terminal: Terminal }
): Promise<boolean> {
  if (yes) return true;
  if (!terminal.isInteractive) {
    throw new UsageError(
      'There is no terminal to ask on, so nothing was done. Add --yes to go on without being asked.'
    );
  }
  return (await ask(`${question} Type yes: `))?.toLowerCase() === 'yes';
}
