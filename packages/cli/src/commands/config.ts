import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  DATA_SOURCE_NAMESPACE,
  formatProblem,
  resolveViewerSettings,
  type SettingProblem,
} from '@ohif-azure/core/settings';
import { Command } from 'commander';
import { writeWhole } from '../files/write-whole.ts';
import { FailedError } from '../exit-status.ts';
import { configTemplate } from '../project-files.ts';
import { ask } from '../terminal/confirm.ts';
import { jsonLine } from '../terminal/safe-text.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { CONFIG_FLAGS, configOption, configurationOf } from '../viewer-config/config-flags.ts';
import { evaluateConfig } from '../viewer-config/evaluate-config.ts';
import { writeConfig } from '../viewer-config/write-config.ts';

/** What has to be known; the rest has defaults. */
const QUESTIONS = [
  {
    path: 'serviceUrl',
    question:
      'Address of the DICOM service (Azure portal > your DICOM service > Service URL, without /v2)',
  },
  { path: 'signIn.tenantId', question: 'Directory (tenant) id (Microsoft Entra ID > Overview)' },
  { path: 'signIn.clientId', question: 'Application (client) id of the viewer’s app registration' },
] as const;
const BASE = 'dataSources[0].configuration.';

/** `ohif-azure config`: writes the viewer's configuration from flags, and asks for what is missing. */
export function configCommand(): Command {
  const command = new Command('config')
    .description(
      'Write the viewer’s configuration (azure.js) from flags; what is needed and missing is asked for.'
    )
    .option('--out <file>', 'file to write; "-" is standard output', 'azure.js')
    .option('--force', 'replace the file if it is there')
    .option('--json', 'one JSON object: the file and its settings');
  for (const flag of CONFIG_FLAGS) command.addOption(configOption(flag));
  return command
    .addHelpText(
      'after',
      `
Every setting is explained in docs/settings.md. None of them is a secret.

Examples:
  $ ohif-azure config
  $ ohif-azure config --service-url https://ws-svc.dicom.azurehealthcareapis.com \\
      --tenant-id 11111111-2222-4333-8444-555555555555 --client-id 66666666-7777-4888-8999-000000000000`
    )
    .action(config);
}

async function config(options: Record<string, string | boolean | undefined>): Promise<void> {
  const terminal = processTerminal();
  const out = String(options.out);
  if (out !== '-' && existsSync(out) && !options.force) {
    throw new UsageError(
      `${out} is there already. Add --force to replace it, or --out <file> for another.`
    );
  }
  const values = new Map<string, string>();
  for (const { row, attribute } of CONFIG_FLAGS) {
    const value = options[attribute];
    if (typeof value === 'string') values.set(row.path, value);
  }
  if (terminal.isInteractive) await askForMissing(values, terminal);
  const configuration = configurationOf(values);
  const problems = problemsOf(configuration);
  if (problems.length > 0) throw new UsageError(problemText(problems));

  const text = writeConfig(configTemplate(), configuration);
  // What is written is what a browser will run: read it back as one does.
  const evaluated = await evaluateConfig(text);
  const isRight =
    'config' in evaluated &&
    resolveViewerSettings(evaluated.config, 'https://viewer.invalid').problems.length === 0;
  if (!isRight)
    throw new FailedError(
      'The file that was made cannot be read back; nothing was written. Please report this.'
    );
  if (out === '-') {
    terminal.print(text.replace(/\n$/, ''));
    return;
  }
  await writeWhole(path.resolve(out), text);
  if (options.json) terminal.print(jsonLine({ file: out, configuration }));
  else {
    terminal.print(`${terminal.colors.green('Written')} ${out}`);
    terminal.note(`Next: ohif-azure install --dist <folder of the viewer> --config ${out}`);
  }
}

/** What the manifest says about a configuration. */
function problemsOf(configuration: Record<string, unknown>): SettingProblem[] {
  const source = { namespace: DATA_SOURCE_NAMESPACE, sourceName: 'azure', configuration };
  const { problems } = resolveViewerSettings({ dataSources: [source] }, 'https://viewer.invalid');
  // Before a tenant is known: an object with nothing in it is what is missing.
  return problems;
}

function problemText(problems: readonly SettingProblem[]): string {
  const lines = problems.map(problem => {
    const setting = problem.path.replace(BASE, '');
    const flag = CONFIG_FLAGS.find(({ row }) => row.path === setting)?.flag;
    return `  ${formatProblem({ ...problem, path: flag ?? setting })}`;
  });
  return ['Nothing was written:', ...lines].join('\n');
}

/** Asks until each answer is right; Ctrl-D and Ctrl-C end it. */
async function askForMissing(values: Map<string, string>, { note }: Terminal): Promise<void> {
  for (const { path: setting, question } of QUESTIONS) {
    const isOther = setting === 'signIn.tenantId' && values.has('signIn.authority');
    while (!values.has(setting) && !isOther) {
      const answer = await ask(`${question}: `);
      if (answer === undefined) throw new FailedError('Nothing was written.');
      if (answer === '') continue;
      const probe = configurationOf(new Map([...values, [setting, answer]]));
      const problem = problemsOf(probe).find(({ path: found }) => found === `${BASE}${setting}`);
      if (problem) note(`  Expected ${problem.expected}.`);
      else values.set(setting, answer);
    }
  }
}
