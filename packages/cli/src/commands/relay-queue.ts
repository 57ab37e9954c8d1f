import { Command, InvalidArgumentError, Option } from 'commander';
import { FailedError } from '../exit-status.ts';
import { integer } from '../options.ts';
import { confirm } from '../terminal/confirm.ts';
import { count } from '../terminal/plural.ts';
import { jsonLine, safeText } from '../terminal/safe-text.ts';
import { formatTable, type Column } from '../terminal/table.ts';
import { processTerminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { relayQueueClient, type QueueEntry, type QueueSelection } from './relay-queue-client.ts';

const STATES = ['waiting', 'held', 'sent', 'dead', 'skipped', 'dropped', 'gone'] as const;
const CHANGEABLE = ['dead', 'held', 'waiting', 'dropped'] as const;
const DEFAULT_PORT = '8083';
/** Rows of a table unless `--limit` says otherwise. */
const DEFAULT_LIMIT = 100;
const MOST = 100_000_000;

interface Common {
  readonly relay: string;
  readonly json: boolean;
}

interface ListOptions extends Common {
  readonly state?: string;
  readonly study?: string;
  readonly limit: number;
}

interface ChangeOptions extends Common {
  readonly state: QueueSelection['state'];
  readonly study?: string;
  readonly all: boolean;
  readonly yes: boolean;
}

const HELP = `
The relay has to run. Its credential is taken from RELAY_USERNAME and RELAY_PASSWORD, or RELAY_KEY.
Instances and studies are named as Orthanc names them.`;

function orthancId(value: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{8}){4}$/.test(value)) return value;
  throw new InvalidArgumentError(
    'Expected a name as Orthanc gives it: five groups of eight digits.'
  );
}

const orthancIds = (value: string, before: readonly string[] = []): string[] => [
  ...before,
  orthancId(value),
];

function common(command: Command): Command {
  const fallback = `http://127.0.0.1:${process.env.RELAY_PORT || DEFAULT_PORT}`;
  return command
    .exitOverride()
    .showHelpAfterError('(ohif-azure relay queue --help tells more)')
    .option('--relay <url>', 'address of the relay', fallback)
    .option('--json', 'for machines', false)
    .addHelpText('after', HELP);
}

/** `ohif-azure relay queue`: what the auto-router has to send, has sent and could not send. */
export function relayQueueCommand(): Command {
  return new Command('queue')
    .description(
      "The auto-router's queue: list what waits or failed, send it again, or give it up."
    )
    .exitOverride()
    .addCommand(
      common(new Command('list'))
        .description('List instances; all states unless --state says otherwise.')
        .addOption(new Option('--state <state>', 'in this state only').choices(STATES))
        .option('--study <id>', 'of this study only', orthancId)
        .option('--limit <n>', 'most instances', integer(1, MOST), DEFAULT_LIMIT)
        .action((options: ListOptions) => list(options))
    )
    .addCommand(
      changeCommand(
        'retry',
        'Send again what failed, is held, waits for another attempt, or was dropped.'
      )
    )
    .addCommand(
      changeCommand(
        'drop',
        'Give up: it is not sent. It stays in Orthanc, and can be retried with --state dropped.'
      )
    );
}

function changeCommand(action: 'retry' | 'drop', description: string): Command {
  return common(new Command(action))
    .description(description)
    .argument('[instances...]', 'names of instances', orthancIds)
    .addOption(
      new Option('--state <state>', 'what is in this state only')
        .choices(CHANGEABLE)
        .default('dead')
    )
    .option('--study <id>', 'all of this study', orthancId)
    .option('--all', 'all of the state', false)
    .option('--yes', 'without being asked', false)
    .action((ids: readonly string[], options: ChangeOptions) => change(action, ids, options));
}

const COLUMNS: readonly Column[] = [
  { name: 'State' },
  { name: 'Changed' },
  { name: 'Attempts', align: 'right' },
  { name: 'Service' },
  { name: 'Why' },
  { name: 'Instance', isWhole: true },
];

const row = ({ id, state, changed, attempts, server, code, reason }: QueueEntry): string[] => [
  state,
  changed.slice(0, 19).replace('T', ' '),
  String(attempts),
  safeText(server ?? ''),
  safeText([code, reason].filter(Boolean).join(': ')),
  id,
];

async function list({ relay, json, state, study, limit }: ListOptions): Promise<void> {
  const terminal = processTerminal();
  const client = relayQueueClient(relay, process.env);
  const rows: string[][] = [];
  let found = 0;
  for await (const entry of client.entries({ state, study, limit: limit + 1 })) {
    found += 1;
    if (found > limit) break;
    if (json) terminal.print(jsonLine(entry));
    else rows.push(row(entry));
  }
  if (json) return;
  if (rows.length > 0) terminal.print(formatTable(COLUMNS, rows, terminal));
  const more = found > limit ? `; there are more: --limit shows them` : '';
  terminal.note(rows.length === 0 ? 'No instances.' : `${count(rows.length, 'instance')}${more}`);
}

async function change(
  action: 'retry' | 'drop',
  ids: readonly string[],
  { relay, json, state, study, all, yes }: ChangeOptions
): Promise<void> {
  const given = [ids.length > 0, study !== undefined, all].filter(Boolean).length;
  if (given !== 1) {
    throw new UsageError(
      `relay queue ${action}: expected names of instances, or --study, or --all.`
    );
  }
  const terminal = processTerminal();
  const what =
    ids.length > 0
      ? count(ids.length, 'instance')
      : `everything that is ${state}${study === undefined ? '' : ' of the study'}`;
  const question = `Give up ${what}? It will not be sent.`;
  if (action === 'drop' && !(await confirm(question, { yes, terminal }))) {
    throw new FailedError('Nothing was dropped.');
  }
  const selection: QueueSelection =
    ids.length > 0 ? { state, ids } : study !== undefined ? { state, study } : { state, all: true };
  const changed = await relayQueueClient(relay, process.env).change(action, selection);
  if (json) terminal.print(jsonLine({ changed }));
  else
    terminal.print(
      `${count(changed, 'instance')} ${action === 'retry' ? 'to be sent again' : 'dropped'}`
    );
  if (ids.length > changed) {
    throw new FailedError(
      `${count(ids.length - changed, 'instance')} of those named ${ids.length - changed === 1 ? 'is' : 'are'} not ${state}.`
    );
  }
}
