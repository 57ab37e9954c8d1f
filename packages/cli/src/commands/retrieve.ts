import path from 'node:path';
import {
  DEFAULT_LAYOUT,
  DEFAULT_RETRIEVE_CONCURRENCY,
  retrieveToFolder,
  type RetrievalOutcome,
  type RetrieveToFolderResult,
} from '@ohif-azure/dicomweb/node';
import { Command } from 'commander';
import {
  connect,
  CONNECTION_HELP,
  withConnection,
  type ConnectionOptions,
} from '../connection/connect.ts';
import { EXIT } from '../exit-status.ts';
import { integer } from '../options.ts';
import { reportError } from '../report-error.ts';
import { bytes, count, duration } from '../terminal/plural.ts';
import { jsonLine, safeText } from '../terminal/safe-text.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { progressBar } from '../transfer/progress-bar.ts';
import { openReport } from '../transfer/report-file.ts';
import { InterruptedError, stopSignal } from '../transfer/stop-signal.ts';
import { UsageError } from '../usage-error.ts';
import { resourceOf, withResource, type ResourceOptions } from './delete.ts';

interface RetrieveOptions extends ConnectionOptions, ResourceOptions {
  out: string;
  layout: string;
  report?: string;
  concurrency: number;
  json?: boolean;
}

/** Instances that are told of one by one. */
const MAX_TOLD = 10;

/** `ohif-azure retrieve`: a study, a series or an instance, to a folder. */
export function retrieveCommand(): Command {
  return withResource(withConnection(new Command('retrieve')))
    .description(
      'Retrieve a study, a series or an instance to a folder. What is there already is not fetched again.'
    )
    .requiredOption('--out <folder>', 'folder to write to; made when it is not there')
    .option(
      '--layout <template>',
      'path of each file; {study}, {series} and {instance} are the UIDs',
      DEFAULT_LAYOUT
    )
    .option('--report <file>', 'JSON Lines, one object for each instance')
    .option('--concurrency <n>', 'requests at once', integer(1, 64), DEFAULT_RETRIEVE_CONCURRENCY)
    .option('--json', 'one object for each instance, and last the summary')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}

A file with its final name is whole: it was written under another name, checked by its UIDs, and renamed. Interrupted, the same command
goes on where it was. Exit status 1: an instance is missing.

Examples:
  $ ohif-azure retrieve --study 1.2.826.0.1.3680043.8.498.1 --out ct-thorax
  $ ohif-azure retrieve --study 1.2.826.0.1.3680043.8.498.1 --out flat --layout '{instance}.dcm'`
    )
    .action(retrieve);
}

async function retrieve(options: RetrieveOptions): Promise<void> {
  const terminal = processTerminal();
  const uids = resourceOf(options);
  if (!options.layout.includes('{instance}')) {
    throw new UsageError(
      `--layout ${options.layout}: expected a template with {instance}, so that no two instances share a file.`
    );
  }
  const { client, close } = connect(options, terminal);
  const report = options.report === undefined ? undefined : await openReport(options.report);
  const bar = progressBar('instance', terminal);
  const { signal, dispose } = stopSignal();
  const failed: RetrievalOutcome[] = [];
  let result: RetrieveToFolderResult;
  try {
    result = await retrieveToFolder(client, uids, options.out, {
      layout: options.layout,
      concurrency: options.concurrency,
      signal,
      onOutcome: outcome => {
        report?.add(outcome);
        if (outcome.outcome === 'failed' && failed.length < MAX_TOLD) failed.push(outcome);
        if (options.json) terminal.print(jsonLine(outcome));
      },
      onProgress: ({ totalInstances, isTotalKnown, doneInstances, receivedBytes, waiting }) =>
        bar.update({
          totalItems: totalInstances,
          isTotalKnown,
          doneItems: doneInstances,
          movedBytes: receivedBytes,
          waiting,
        }),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.note('Interrupted. What is there is whole; the same command goes on where it was.');
    process.exitCode = EXIT.failed;
    return;
  } finally {
    bar.stop();
    dispose();
    await report?.close();
    close();
  }
  if (options.json) terminal.print(jsonLine({ summary: result.summary }));
  else tellSummary(result, { failed, out: options.out, report: report?.path, terminal });
  tellEnd(result, terminal);
}

function tellSummary(
  { summary, receivedBytes, durationMs }: RetrieveToFolderResult,
  {
    failed,
    out,
    report,
    terminal,
  }: {
    failed: readonly RetrievalOutcome[];
    out: string;
    report: string | undefined;
    terminal: Terminal;
  }
): void {
  const { print, note, colors, noteColors } = terminal;
  for (const { sopInstanceUID, message = '', remedy = '' } of failed) {
    note(`${noteColors.red('failed')}: ${sopInstanceUID}`);
    note(`  ${safeText([message, remedy].filter(Boolean).join(' '))}`);
  }
  const line = (number: number, words: string, color: (text: string) => string) => {
    if (number > 0) print(`${color(number.toLocaleString('en').padStart(7))}  ${words}`);
  };
  line(summary.retrieved, 'retrieved', colors.green);
  line(summary.alreadyThere, 'there already', colors.green);
  line(summary.failed, 'failed', colors.red);
  line(summary.notRetrieved, 'not retrieved', colors.red);
  const rate =
    durationMs > 0 && receivedBytes > 0 ? `, ${bytes((receivedBytes * 1000) / durationMs)}/s` : '';
  print(
    colors.dim(`${bytes(receivedBytes)} in ${duration(durationMs)}${rate}, to ${path.resolve(out)}`)
  );
  if (report) print(`Report, one line for each instance: ${report}`);
}

function tellEnd({ stoppedBy, summary }: RetrieveToFolderResult, { note }: Terminal): void {
  if (stoppedBy instanceof InterruptedError)
    note('Interrupted. What is there is whole; the same command goes on where it was.');
  else if (stoppedBy !== undefined) {
    reportError(stoppedBy);
    note(
      `${count(summary.notRetrieved, 'instance')} not retrieved. The same command goes on where it was.`
    );
  }
  if (stoppedBy !== undefined || summary.failed + summary.notRetrieved > 0)
    process.exitCode = EXIT.failed;
}
