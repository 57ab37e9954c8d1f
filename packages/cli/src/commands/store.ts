import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_MAX_REQUEST_BYTES,
  DEFAULT_MAX_REQUEST_INSTANCES,
  openStoreJournal,
  storeFiles,
  type FileOutcome,
  type StoreFilesProgress,
  type StoreFilesResult,
} from '@ohif-azure/dicomweb/node';
import { Command } from 'commander';
import {
  connect,
  CONNECTION_HELP,
  withConnection,
  type ConnectionOptions,
} from '../connection/connect.ts';
import { SERVICE_VARIABLE } from '../connection/service-url.ts';
import { EXIT } from '../exit-status.ts';
import { integer } from '../options.ts';
import { reportError } from '../report-error.ts';
import { count } from '../terminal/plural.ts';
import { jsonLine } from '../terminal/safe-text.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { progressBar, type TransferProgress } from '../transfer/progress-bar.ts';
import { openReport } from '../transfer/report-file.ts';
import { InterruptedError, stopSignal } from '../transfer/stop-signal.ts';
import {
  beginRun,
  hasPaths,
  stateFolder,
  storeRuns,
  type StoreRun,
} from '../transfer/store-runs.ts';
import { jsonOutcome, Problems, tellSummary, UNDONE } from '../transfer/store-summary.ts';
import { UsageError } from '../usage-error.ts';

interface StoreOptions extends ConnectionOptions {
  resume?: boolean;
  report?: string;
  concurrency: number;
  maxRequestBytes: number;
  maxRequestInstances: number;
  json?: boolean;
}

/** `ohif-azure store`: files and folder trees, with a journal to go on by and a report. */
export function storeCommand(): Command {
  return withConnection(new Command('store'))
    .description(
      'Store files and folders. Says for each file what became of it, and goes on where it was when interrupted.'
    )
    .argument(
      '[files or folders...]',
      'DICOM files are found by their content; others are left aside'
    )
    .option('--resume', 'go on with the last run (or the last one of these files and folders)')
    .option(
      '--report <file>',
      'JSON Lines, one object for each file (default: in the folder of the run)'
    )
    .option('--concurrency <n>', 'requests at once', integer(1, 64), DEFAULT_CONCURRENCY)
    .option(
      '--max-request-bytes <n>',
      'size of a request; a larger file goes alone',
      integer(1, 2_147_483_647),
      DEFAULT_MAX_REQUEST_BYTES
    )
    .option(
      '--max-request-instances <n>',
      'instances of a request',
      integer(1, 1000),
      DEFAULT_MAX_REQUEST_INSTANCES
    )
    .option('--json', 'one object for each file, and last the summary')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}

Outcomes: stored, storedWithWarnings, alreadyStored, rejected, unknown, notSent, notDicom. Exit status 1: a file was rejected, or was not
sent, or it is not known. What was stored before is no error, and nothing is stored twice. Journals are kept for 90 days in
~/.local/state/ohif-azure (OHIF_AZURE_STATE names another folder).

Examples:
  $ ohif-azure store ct-thorax/ report.dcm
  $ ohif-azure store --resume
  $ ohif-azure store --json /media/cdrom | jq -r 'select(.outcome == "rejected") | .file'`
    )
    .action(store);
}

async function store(given: string[], options: StoreOptions): Promise<void> {
  const terminal = processTerminal();
  const paths = given.map(one => path.resolve(one));
  await requirePaths(given);
  const old = options.resume ? await runToResume(paths, options) : undefined;
  if (!old && paths.length === 0) {
    throw new UsageError('What is to be stored? Name files or folders, or --resume the last run.');
  }
  const { client, service, close } = connect(
    { ...options, service: options.service ?? old?.serviceUrl },
    terminal
  );
  const run =
    old ?? (await beginRun(stateFolder(), { serviceUrl: service.url, paths }, Date.now()));
  if (old)
    terminal.note(
      `Going on with the run of ${new Date(run.startedAt).toLocaleString()} (${count(run.paths.length, 'path')}).`
    );
  const report = await openReport(options.report ?? run.report);
  const { signal, dispose } = stopSignal();
  const journal = await openStoreJournal(run.journal, {
    serviceUrl: service.url,
    mode: 'any',
    paths: run.paths,
  });
  const bar = progressBar('file', terminal);
  const problems = new Problems();
  let result: StoreFilesResult;
  try {
    result = await storeFiles(client, journal.paths.length > 0 ? journal.paths : run.paths, {
      journal,
      signal,
      concurrency: options.concurrency,
      maxRequestBytes: options.maxRequestBytes,
      maxRequestInstances: options.maxRequestInstances,
      onProgress: progress => bar.update(transferOf(progress)),
      onOutcome: (outcome: FileOutcome) => {
        report.add(outcome);
        problems.add(outcome);
        if (options.json) terminal.print(jsonLine(jsonOutcome(outcome)));
      },
    });
  } finally {
    bar.stop();
    dispose();
    await journal.close();
    await report.close();
    close();
  }
  if (options.json) terminal.print(jsonLine({ summary: result.summary }));
  else {
    problems.tell(terminal);
    tellSummary(result, report.path, terminal);
  }
  tellEnd(result, terminal);
}

function transferOf(progress: StoreFilesProgress): TransferProgress {
  return {
    doneItems: progress.doneFiles,
    totalItems: progress.totalFiles,
    isTotalKnown: progress.isTotalKnown,
    movedBytes: progress.sentBytes,
    doneBytes: progress.doneBytes,
    totalBytes: progress.totalBytes,
    waiting: progress.waiting,
  };
}

/** A misspelt name is a mistake to be told at once, not after an hour. */
async function requirePaths(given: readonly string[]): Promise<void> {
  for (const one of given) {
    await stat(one).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(
        `${one}: ${error.code === 'ENOENT' ? 'there is no such file or folder' : error.message}.`
      );
    });
  }
}

/** The run to go on with; undefined: there is none, and the paths begin one. */
async function runToResume(
  paths: readonly string[],
  { service }: StoreOptions
): Promise<StoreRun | undefined> {
  const state = stateFolder();
  const named = service ?? process.env[SERVICE_VARIABLE]?.trim();
  const runs = (await storeRuns(state)).filter(
    run => !named || run.serviceUrl === named.replace(/\/+$/, '')
  );
  const found = paths.length === 0 ? runs[0] : runs.find(run => hasPaths(run, paths));
  if (!found && paths.length === 0) {
    throw new UsageError(
      `There is no run to go on with${named ? ` at ${named}` : ''} (in ${path.join(state, 'store')}). Name files or folders.`
    );
  }
  return found;
}

function tellEnd({ stoppedBy, summary }: StoreFilesResult, { note }: Terminal): void {
  if (stoppedBy instanceof InterruptedError)
    note('Interrupted. What was stored is noted; go on with: ohif-azure store --resume');
  else if (stoppedBy !== undefined) {
    reportError(stoppedBy);
    note('The rest was not sent. When that is put right, go on with: ohif-azure store --resume');
  }
  const isUndone = UNDONE.some(kind => summary[kind] > 0);
  if (stoppedBy !== undefined || isUndone) process.exitCode = EXIT.failed;
}
