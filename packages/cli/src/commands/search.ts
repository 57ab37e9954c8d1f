import type { DicomJson, DicomwebClient, SearchParameters } from '@ohif-azure/dicomweb';
import { Command, InvalidArgumentError } from 'commander';
import {
  connect,
  CONNECTION_HELP,
  withConnection,
  type ConnectionOptions,
} from '../connection/connect.ts';
import { integer, uid } from '../options.ts';
import { count } from '../terminal/plural.ts';
import { jsonLine } from '../terminal/safe-text.ts';
import { formatTable } from '../terminal/table.ts';
import { processTerminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { SEARCH_TABLES } from './search-columns.ts';

type Level = keyof typeof SEARCH_TABLES;

interface SearchOptions extends ConnectionOptions {
  patientId?: string;
  patientName?: string;
  date?: string;
  modality?: string;
  accession?: string;
  study?: string;
  series?: string;
  filter: readonly [string, string][];
  include: readonly string[];
  limit?: number;
  offset: number;
  fuzzy: boolean;
  json: boolean;
}

/** Rows of a table unless `--limit` says otherwise. With `--json` there is no limit. */
export const DEFAULT_TABLE_LIMIT = 100;
const MOST = 1_000_000_000;

const NOUN: Readonly<Record<Level, [string, string]>> = {
  studies: ['study', 'studies'],
  series: ['series', 'series'],
  instances: ['instance', 'instances'],
};

const EXAMPLES: Readonly<Record<Level, string>> = {
  studies: `
Examples:
  $ ohif-azure studies --patient-name lindq --date 20260101-20261231
  $ ohif-azure studies --patient-id 4711 --json | jq -r '."0020000D".Value[0]'`,
  series: `
Examples:
  $ ohif-azure series --study 1.2.826.0.1.3680043.8.498.1
  $ ohif-azure series --study 1.2.826.0.1.3680043.8.498.1 --modality SR --json`,
  instances: `
Examples:
  $ ohif-azure instances --study 1.2.826.0.1.3680043.8.498.1 --series 1.2.826.0.1.3680043.8.498.2
  $ ohif-azure instances --study 1.2.826.0.1.3680043.8.498.1 --json | wc -l`,
};

/** `ohif-azure studies`, `series` and `instances`: searches. */
export function searchCommand(level: Level): Command {
  const [, many] = NOUN[level];
  const command = withConnection(new Command(level).description(`Search for ${many}.`));
  if (level === 'studies') {
    command
      .option('--patient-id <id>', 'Patient ID, whole')
      .option('--patient-name <name>', 'beginnings of the words of the name (see --exact-name)')
      .option('--exact-name', 'the name has to match whole, as Doe^John')
      .option(
        '--date <day or range>',
        'Study Date: 20260131, 20260101-20260131, 20260101-',
        studyDate
      )
      .option('--modality <code>', 'a modality in the study, such as CT')
      .option('--accession <number>', 'Accession Number');
  } else {
    command.option('--study <uid>', 'in this study only', uid);
    if (level === 'series') command.option('--modality <code>', 'Modality, such as CT');
    else command.option('--series <uid>', 'in this series only (with --study)', uid);
  }
  return command
    .option(
      '--filter <keyword=value>',
      'another attribute (keyword or tag), any number of times',
      filter,
      []
    )
    .option(
      '--include <keywords>',
      'attributes to return besides, separated by commas',
      keywords,
      []
    )
    .option(
      '--limit <n>',
      `most results (default: ${DEFAULT_TABLE_LIMIT} in a table, all with --json)`,
      integer(1, MOST)
    )
    .option('--offset <n>', 'results to leave out at the beginning', integer(0, MOST), 0)
    .option('--json', 'one DICOM JSON object a line')
    .addHelpText('after', `${CONNECTION_HELP}\n${EXAMPLES[level]}`)
    .action(options => search(level, options));
}

function studyDate(value: string): string {
  if (!/^(\d{8}|\d{8}-\d{8}|\d{8}-|-\d{8})$/.test(value)) {
    throw new InvalidArgumentError('Expected YYYYMMDD, YYYYMMDD-YYYYMMDD, YYYYMMDD- or -YYYYMMDD.');
  }
  return value;
}

function filter(value: string, previous: readonly [string, string][]): [string, string][] {
  const [, keyword, text] = /^([A-Za-z]\w*|[0-9A-Fa-f]{8})=(.+)$/s.exec(value) ?? [];
  if (keyword === undefined || text === undefined) {
    throw new InvalidArgumentError(
      'Expected keyword=value, such as AccessionNumber=A1 or 00080050=A1.'
    );
  }
  return [...previous, [keyword, text]];
}

function keywords(value: string): string[] {
  const list = value.split(',').map(one => one.trim());
  if (!list.every(one => /^(\w+)$/.test(one))) {
    throw new InvalidArgumentError(
      'Expected keywords separated by commas, such as StudyTime,BodyPartExamined.'
    );
  }
  return list;
}

function filtersOf(level: Level, options: SearchOptions): Record<string, string> {
  const named: [string, string | undefined][] = [
    ['PatientID', options.patientId],
    ['PatientName', options.patientName],
    ['StudyDate', options.date],
    [level === 'studies' ? 'ModalitiesInStudy' : 'Modality', options.modality],
    ['AccessionNumber', options.accession],
    ...options.filter,
  ];
  const filters: Record<string, string> = {};
  for (const [keyword, value] of named) {
    if (value === undefined) continue;
    if (keyword in filters)
      throw new UsageError(`${keyword} is filtered twice; expected one value each.`);
    filters[keyword] = value;
  }
  return filters;
}

async function search(
  level: Level,
  options: SearchOptions & { exactName?: boolean }
): Promise<void> {
  if (options.series !== undefined && options.study === undefined) {
    throw new UsageError('--series needs --study: a series is found in its study.');
  }
  const terminal = processTerminal();
  const limit = options.limit ?? (options.json ? MOST : DEFAULT_TABLE_LIMIT);
  const { include, columns } = SEARCH_TABLES[level];
  const { client, close } = connect(options, terminal);
  const parameters: SearchParameters = {
    filters: filtersOf(level, options),
    includefield: [...new Set([...include, ...options.include])],
    offset: options.offset,
    studyInstanceUID: options.study,
    seriesInstanceUID: options.series,
    ...(options.patientName !== undefined && !options.exactName ? { fuzzymatching: true } : {}),
  };
  try {
    const rows: string[][] = [];
    let found = 0;
    let hasMore = false;
    for await (const dataset of pagesOf(client, level, parameters, limit)) {
      hasMore = found === limit;
      if (hasMore) break;
      found += 1;
      if (options.json) terminal.print(jsonLine(dataset));
      else rows.push(columns.map(({ text }) => text(dataset)));
    }
    if (!options.json && found > 0) terminal.print(formatTable(columns, rows, terminal));
    const [one, many] = NOUN[level];
    if (!options.json || hasMore) {
      const more = hasMore
        ? `; there are more: --offset ${options.offset + found} shows the next`
        : '';
      terminal.note(
        terminal.noteColors.dim(`${found === 0 ? `No ${many}` : count(found, one, many)}${more}`)
      );
    }
  } finally {
    close();
  }
}

/** A page no larger than what is wanted, and one more, by which it is seen that there are more. */
function pagesOf(
  client: DicomwebClient,
  level: Level,
  parameters: SearchParameters,
  limit: number
): AsyncGenerator<DicomJson, void> {
  const paged = limit < 199 ? { ...parameters, limit: limit + 1 } : parameters;
  switch (level) {
    case 'studies':
      return client.allStudies(paged);
    case 'series':
      return client.allSeries(paged);
    case 'instances':
      return client.allInstances(paged);
  }
}
