import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { makeFolder } from '../files/make-folder.ts';
import { jsonLine } from '../terminal/safe-text.ts';

/** A report: JSON Lines, one object for each file. */
export interface ReportFile {
  readonly path: string;
  add(line: object): void;
  /** Resolves when all lines are written. @throws the error of `node:fs` when one could not be (a full disk, say). */
  close(): Promise<void>;
}

/**
 * Begins a report anew. Names of files may tell of patients: only this user may read it.
 * @throws the error of `node:fs` when the file cannot be made.
 */
export async function openReport(file: string): Promise<ReportFile> {
  const absolute = path.resolve(file);
  await makeFolder(path.dirname(absolute));
  const stream = createWriteStream(absolute, { flags: 'w', mode: 0o600 });
  let failure: unknown;
  stream.on('error', error => (failure ??= error));
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', reject);
  });
  return {
    path: absolute,
    add: line => void (failure === undefined && stream.write(`${jsonLine(line)}\n`)),
    async close() {
      stream.end();
      if (failure === undefined) await finished(stream).catch(error => (failure ??= error));
      if (failure !== undefined) throw failure;
    },
  };
}
