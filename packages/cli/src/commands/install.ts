import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkConfig } from '@ohif-azure/dicomweb/doctor';
import { Command } from 'commander';
import { FailedError } from '../exit-status.ts';
import { lineDifference } from '../files/line-difference.ts';
import { bytes } from '../terminal/plural.ts';
import { jsonLine } from '../terminal/safe-text.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { evaluateConfig } from '../viewer-config/evaluate-config.ts';
import { install } from '../viewer-install/install.ts';
import { planInstallation, type InstallPlan, type PlannedFile } from '../viewer-install/plan.ts';
import { readRecord, sha256 } from '../viewer-install/record.ts';
import { recognise, type Target } from '../viewer-install/target.ts';
import { statesOf, sweep, uninstall } from '../viewer-install/uninstall.ts';

interface InstallOptions {
  dist?: string;
  ohif?: string;
  config?: string;
  dryRun?: boolean;
  force?: boolean;
  json?: boolean;
}

const withTarget = (command: Command) =>
  command
    .option('--dist <folder>', 'a prebuilt viewer, as a web server serves it')
    .option('--ohif <folder>', 'a checkout of OHIF, to be built afterwards')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--json', 'one JSON object');

/** `ohif-azure install`: puts plug-in and configuration into a viewer. */
export function installCommand(): Command {
  return withTarget(new Command('install'))
    .description(
      'Put the plug-in and its configuration into a prebuilt viewer or a checkout of OHIF.'
    )
    .option(
      '--config <file>',
      'azure.js, as `ohif-azure config` writes it (default: the one that is there)'
    )
    .option('--force', 'also when files of an earlier installation were changed since')
    .addHelpText(
      'after',
      `
Everything is written beside first and then put in place, so that the viewer is the old one or the new one at any time. What was there
is kept for "ohif-azure uninstall". What is not recognised as a viewer is left alone.

Examples:
  $ ohif-azure install --dist /srv/ohif/dist --config azure.js --dry-run
  $ ohif-azure install --dist /srv/ohif/dist --config azure.js
  $ ohif-azure install --ohif ~/Viewers --config azure.js && cd ~/Viewers && APP_CONFIG=config/azure.js yarn build`
    )
    .action(installAction);
}

/** `ohif-azure uninstall`: puts a viewer back as it was, byte for byte. */
export function uninstallCommand(): Command {
  return withTarget(new Command('uninstall'))
    .description('Put a viewer back as it was before `ohif-azure install`, byte for byte.')
    .option('--force', 'also when files were changed since; these changes are lost')
    .addHelpText(
      'after',
      `
Examples:
  $ ohif-azure uninstall --dist /srv/ohif/dist --dry-run
  $ ohif-azure uninstall --dist /srv/ohif/dist`
    )
    .action(uninstallAction);
}

async function installAction(options: InstallOptions): Promise<void> {
  const terminal = processTerminal();
  const target = await recognise(options);
  const config = options.config === undefined ? undefined : await readConfig(options.config);
  if (config === undefined) await requireConfig(target);
  const plan = await planInstallation(target, config);
  await refuseChanged(target, options, 'installed');
  const changes = plan.files.filter(({ now, content }) => !now || sha256(now) !== sha256(content));
  if (options.json) {
    terminal.print(
      jsonLine({
        folder: target.folder,
        dryRun: options.dryRun === true,
        added: changes.filter(({ now }) => !now).map(file => file.path),
        changed: changes.filter(({ now }) => now).map(file => file.path),
        removed: plan.obsolete,
      })
    );
  } else {
    printPlan(plan, changes, { terminal, isDry: options.dryRun === true });
  }
  if (options.dryRun || (changes.length === 0 && plan.obsolete.length === 0)) return;
  await install(plan);
  if (options.json) return;
  terminal.print(`\n${terminal.colors.green('Installed')} in ${target.folder}`);
  terminal.note(
    target.kind === 'dist'
      ? 'Check it with: ohif-azure doctor --viewer https://<your viewer>; or open its page doctor.html.'
      : 'Build the viewer with APP_CONFIG=config/azure.js.'
  );
}

async function readConfig(file: string): Promise<string> {
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--config ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`
    );
  }
  const { findings } = checkConfig(path.basename(file), await evaluateConfig(text));
  const mistakes = findings.filter(({ status }) => status === 'fail');
  if (mistakes.length > 0) {
    throw new UsageError(
      [
        `--config ${file} is not right, so nothing was changed:`,
        ...mistakes.map(({ message }) => `  ${message}`),
      ].join('\n')
    );
  }
  return text;
}

/** Without `--config`, the viewer's present configuration has to be one for this plug-in. */
async function requireConfig({ kind, folder }: Target): Promise<void> {
  const file = kind === 'dist' ? 'app-config.js' : 'platform/app/public/config/azure.js';
  const text = await readFile(path.join(folder, file), 'utf8').catch(() => '');
  const { findings } = checkConfig(file, await evaluateConfig(text));
  if (text === '' || findings.some(({ status }) => status === 'fail')) {
    throw new UsageError(
      `Name the configuration: --config <file>. (The viewer’s own ${file} is not one for this plug-in.) Write one: ohif-azure config.`
    );
  }
}

async function refuseChanged(
  target: Target,
  { force, dryRun }: InstallOptions,
  what: string
): Promise<void> {
  const record = await readRecord(target);
  if (!record || force || dryRun) return;
  const changed = (await statesOf(target, record)).filter(({ state }) => state === 'changed');
  if (changed.length === 0) return;
  throw new FailedError(
    [
      `Not ${what}: these files were changed since they were installed, and the changes would be lost.`,
      ...changed.map(({ file }) => `  ${file.path}`),
      'Save them elsewhere if they matter, then add --force.',
    ].join('\n')
  );
}

function printPlan(
  { target, obsolete }: InstallPlan,
  changes: readonly PlannedFile[],
  { terminal, isDry }: { terminal: Terminal; isDry: boolean }
): void {
  const { print, colors } = terminal;
  if (changes.length === 0 && obsolete.length === 0) {
    print(`${target.folder} has all of it already; nothing to do.`);
    return;
  }
  print(isDry ? `This would change in ${target.folder}:` : `In ${target.folder}:`);
  for (const { path: relative, content, now, isText } of changes) {
    const size = colors.dim(`(${bytes(content.length)})`);
    if (!now) print(`${colors.green('+')} ${relative} ${size}`);
    else print(`${colors.yellow('~')} ${relative} ${size}`);
    if (!isDry || !isText) continue;
    const lines = lineDifference(
      now?.toString('utf8') ?? '',
      Buffer.from(content).toString('utf8')
    );
    for (const line of now ? lines : []) print(`    ${colored(line, colors)}`);
  }
  for (const relative of obsolete) print(`${colors.red('-')} ${relative}`);
}

function colored(line: string, colors: Terminal['colors']): string {
  if (line.startsWith('+')) return colors.green(line);
  if (line.startsWith('-')) return colors.red(line);
  return line.startsWith('@@') ? colors.cyan(line) : line;
}

async function uninstallAction(options: InstallOptions): Promise<void> {
  const terminal = processTerminal();
  const target = await recognise(options);
  const record = await readRecord(target);
  if (!record) {
    const isSwept = !options.dryRun && (await sweep(target));
    if (!isSwept) throw new FailedError(`Nothing of ohif-azure is installed in ${target.folder}.`);
    if (options.json)
      terminal.print(
        jsonLine({ folder: target.folder, dryRun: false, removed: [], restored: [], changed: [] })
      );
    else
      terminal.print(
        `What an installation that was cut short had left in ${target.folder} is gone.`
      );
    return;
  }
  await refuseChanged(target, options, 'uninstalled');
  const states = await statesOf(target, record);
  const removed = record.files.filter(({ before }) => before === undefined).map(file => file.path);
  const restored = record.files.filter(({ before }) => before !== undefined).map(file => file.path);
  const changed = states.filter(({ state }) => state === 'changed').map(({ file }) => file.path);
  if (options.json) {
    terminal.print(
      jsonLine({
        folder: target.folder,
        dryRun: options.dryRun === true,
        removed,
        restored,
        changed,
      })
    );
  } else {
    const { print, colors } = terminal;
    if (options.dryRun) print(`This would change in ${target.folder}:`);
    for (const relative of restored) print(`${colors.yellow('~')} ${relative} as it was before`);
    for (const relative of removed) print(`${colors.red('-')} ${relative}`);
    for (const relative of changed)
      print(
        `${colors.yellow('!')} ${relative} was changed since; the changes ${options.dryRun ? 'would be' : 'are'} lost`
      );
  }
  if (options.dryRun) return;
  await uninstall(target, record);
  if (!options.json)
    terminal.print(`\n${terminal.colors.green('Uninstalled')}: ${target.folder} is as it was.`);
}
