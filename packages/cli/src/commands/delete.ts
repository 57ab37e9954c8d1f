import {
  DeleteError,
  numberOf,
  personNameOf,
  stringOf,
  type DicomJson,
  type DicomwebClient,
  type StudyResource,
} from '@ohif-azure/dicomweb';
import { Command } from 'commander';
import {
  connect,
  CONNECTION_HELP,
  withConnection,
  type ConnectionOptions,
} from '../connection/connect.ts';
import { FailedError } from '../exit-status.ts';
import { uid } from '../options.ts';
import { confirm } from '../terminal/confirm.ts';
import { count } from '../terminal/plural.ts';
import { jsonLine, safeText } from '../terminal/safe-text.ts';
import { processTerminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Options that name a study, a series or an instance; of `delete` and `retrieve`. */
export interface ResourceOptions {
  study: string;
  series?: string;
  instance?: string;
}

/** Adds `--study`, `--series` and `--instance`. */
export function withResource(command: Command): Command {
  return command
    .requiredOption('--study <uid>', 'Study Instance UID', uid)
    .option('--series <uid>', 'Series Instance UID: only this series', uid)
    .option('--instance <uid>', 'SOP Instance UID: only this instance (with --series)', uid);
}

/** The UIDs of these options. @throws {UsageError} for an instance without its series. */
export function resourceOf({ study, series, instance }: ResourceOptions): StudyResource {
  if (instance !== undefined && series === undefined) {
    throw new UsageError('--instance needs --series: expected both.');
  }
  return { studyInstanceUID: study, seriesInstanceUID: series, sopInstanceUID: instance };
}

/** `ohif-azure delete`: a study, a series or an instance. Says how many instances first, and asks. */
export function deleteCommand(): Command {
  return withResource(withConnection(new Command('delete')))
    .description(
      'Delete a study, a series or an instance. Says how many instances that are, and asks.'
    )
    .option('--yes', 'do not ask')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}

Examples:
  $ ohif-azure delete --study 1.2.826.0.1.3680043.8.498.1
  $ ohif-azure delete --study 1.2.826.0.1.3680043.8.498.1 --series 1.2.826.0.1.3680043.8.498.2 --yes`
    )
    .action(deleteResource);
}

async function deleteResource(
  options: ConnectionOptions & ResourceOptions & { yes: boolean; json: boolean }
): Promise<void> {
  const uids = resourceOf(options);
  const terminal = processTerminal();
  if (!options.yes && !terminal.isInteractive) {
    throw new UsageError(
      'There is no terminal to ask on, so nothing was deleted. Add --yes to delete without being asked.'
    );
  }
  const { client, service, close } = connect(options, terminal);
  try {
    const instances = await countInstances(client, uids);
    const what = uids.sopInstanceUID ? 'instance' : uids.seriesInstanceUID ? 'series' : 'study';
    const uidOfIt = uids.sopInstanceUID ?? uids.seriesInstanceUID ?? uids.studyInstanceUID;
    if (instances === 0) {
      throw new FailedError(
        `There is no such ${what} at ${service.url}: ${uidOfIt}. Nothing was deleted.`
      );
    }
    const belongsTo = await patientOf(client, uids.studyInstanceUID);
    terminal.note(
      `The ${what} ${uidOfIt}${belongsTo} has ${count(instances, 'instance')}, at ${service.url}.`
    );
    const answer = await confirm(`Delete ${count(instances, 'instance')}? This cannot be undone.`, {
      yes: options.yes,
      terminal,
    });
    if (!answer) throw new FailedError('Nothing was deleted.');
    await deleteAtLevel(client, uids);
    if (options.json) terminal.print(jsonLine({ deleted: instances, ...uids }));
    else terminal.print(`${terminal.colors.green('Deleted')} ${count(instances, 'instance')}.`);
  } finally {
    close();
  }
}

async function countInstances(client: DicomwebClient, uids: StudyResource): Promise<number> {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = uids;
  let instances = 0;
  for await (const dataset of client.allInstances({ studyInstanceUID, seriesInstanceUID })) {
    if (sopInstanceUID === undefined || stringOf(dataset, 'SOPInstanceUID') === sopInstanceUID)
      instances += 1;
  }
  return instances;
}

/** Whose study it is, so that a mistake in a UID is seen. Nothing where the server does not say. */
async function patientOf(client: DicomwebClient, studyInstanceUID: string): Promise<string> {
  const [study]: DicomJson[] = await client
    .searchForStudies({ filters: { StudyInstanceUID: studyInstanceUID }, limit: 1 })
    .catch(() => []);
  if (!study) return '';
  const name = safeText(personNameOf(study, 'PatientName') ?? '');
  const id = safeText(stringOf(study, 'PatientID') ?? '');
  const day = numberOf(study, 'StudyDate');
  const facts = [name, id, day].filter(Boolean).join(', ');
  return facts && ` (${facts})`;
}

/** After a lost answer the second attempt may find nothing: then the first one did it. */
async function deleteAtLevel(client: DicomwebClient, uids: StudyResource): Promise<void> {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = uids;
  const attempt = async () => {
    if (seriesInstanceUID === undefined) await client.deleteStudy({ studyInstanceUID });
    else if (sopInstanceUID === undefined)
      await client.deleteSeries({ studyInstanceUID, seriesInstanceUID });
    else await client.deleteInstance({ studyInstanceUID, seriesInstanceUID, sopInstanceUID });
  };
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof DeleteError) || error.code !== 'ERR_DELETE_UNREACHABLE') throw error;
    await attempt().catch((again: unknown) => {
      if (!(again instanceof DeleteError) || again.code !== 'ERR_DELETE_NOT_FOUND') throw again;
    });
  }
}
