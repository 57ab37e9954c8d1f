import { changeElements } from '../part10/change-elements.ts';
import type { TextChange } from '../part10/change-elements.ts';
import type { InstanceStore, Replacement } from '../storage/instance-store.ts';
import { readWholeHeader } from '../storage/header-on-disk.ts';
import { stateOf } from '../storage/scan-folder.ts';
import { describeInstance } from '../storage/stored-instance.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { INTERRUPTED } from './operations.ts';
import type { OperationContext } from './operations.ts';

const MAX_NAMED_INSTANCES = 5;
const MORE_INSTANCES =
  'There are more instances failed to update than listed above. Please check the diagnostics logs for the complete list.';

/** What a bulk update is to do and how far it is: all that it takes to go on with it. */
export interface BulkUpdate {
  partitionName: string;
  /** The studies to change, in this order. */
  studies: string[];
  changes: TextChange[];
  /** How many studies are done with, well or not. */
  processed: number;
  studyUpdated: number;
  studyFailed: number;
  instanceUpdated: number;
  errors: string[];
  /** The versions which are being replaced, all of one study: those which are left are still to do. */
  replacing?: number[];
}

/** No new version can be made of some instances; their study stays as it is. */
class InstancesFailed extends Error {
  override readonly name = 'InstancesFailed';
  readonly #instances: readonly StoredInstance[];

  constructor(instances: readonly StoredInstance[]) {
    super(`${instances.length} instances cannot be changed.`);
    this.#instances = instances;
  }

  /** In the words of the service. [source UpdateDurableFunction.HandleException] */
  messages({ partitionName }: BulkUpdate): string[] {
    const named = this.#instances
      .slice(0, MAX_NAMED_INSTANCES)
      .map(
        one =>
          `Failed to update instance. PartitionKey: ${partitionName}, StudyInstanceUID: ${one.studyInstanceUID}, SeriesInstanceUID: ${one.seriesInstanceUID}, SOPInstanceUID: ${one.sopInstanceUID}`
      );
    return named.length < this.#instances.length ? [...named, MORE_INSTANCES] : named;
  }
}

/** Where instances are changed. */
export interface BulkUpdateTarget {
  store: InstanceStore;
  /** Puts new versions in place, all at once. @see InstanceStore.replaceAll */
  replaceAll(replacements: readonly Replacement[]): Promise<void>;
}

/** A bulk update which has not begun. */
export const newBulkUpdate = (
  partitionName: string,
  studies: string[],
  changes: TextChange[]
): BulkUpdate => ({
  ...{ partitionName, studies, changes },
  ...{ processed: 0, studyUpdated: 0, studyFailed: 0, instanceUpdated: 0, errors: [] },
});

/**
 * Changes study after study, each as a whole or not at all: all new files are written before the
 * first one takes its place. An update can be interrupted at any moment and go on from its last
 * checkpoint; no instance is changed twice. An instance which is deleted or replaced meanwhile
 * stays so. [source UpdateDurableFunction]
 *
 * @returns the results, as the operation tells them.
 */
export async function runBulkUpdate(
  target: BulkUpdateTarget,
  update: BulkUpdate,
  context: OperationContext
): Promise<Record<string, unknown> | typeof INTERRUPTED> {
  while (update.processed < update.studies.length) {
    if (context.stopping) return INTERRUPTED;
    const studyInstanceUID = update.studies[update.processed] ?? '';
    try {
      if (update.replacing) await completeStudy(target, update);
      else await updateStudy(target, update, studyInstanceUID, context);
    } catch (error) {
      update.replacing = undefined;
      update.studyFailed += 1;
      update.errors.push(`Failed to update instances for study ${studyInstanceUID}`);
      if (error instanceof InstancesFailed) update.errors.push(...error.messages(update));
    }
    update.processed += 1;
    context.report(Math.floor((update.processed / update.studies.length) * 100));
    // A study of which this is not kept is found changed by what was kept before.
    await context.save(update).catch(() => undefined);
  }
  const { studies, studyUpdated, studyFailed, instanceUpdated, errors } = update;
  return {
    studyProcessed: studies.length,
    studyUpdated,
    studyFailed,
    instanceUpdated,
    ...(errors.length > 0 && { errors }),
  };
}

/**
 * Completes the study in the midst of which the process ended, so that nobody sees a part of it
 * changed.
 */
export async function completeInterrupted(
  target: BulkUpdateTarget,
  update: BulkUpdate
): Promise<void> {
  if (!update.replacing) return;
  await completeStudy(target, update);
  update.processed += 1;
}

async function completeStudy(target: BulkUpdateTarget, update: BulkUpdate): Promise<void> {
  const { replacing = [], studies, processed, changes } = update;
  const studyInstanceUID = studies[processed] ?? '';
  const versions = new Set(replacing);
  const { store } = target;
  const left = store.index
    .find({ studyInstanceUID })
    .filter(instance => versions.has(instance.watermark));
  await withChanged(store, left, changes, files => target.replaceAll(files));
  closeStudy(update, replacing.length);
}

async function updateStudy(
  target: BulkUpdateTarget,
  update: BulkUpdate,
  studyInstanceUID: string,
  context: OperationContext
): Promise<void> {
  const instances = [...target.store.index.find({ studyInstanceUID })];
  if (instances.length === 0) return;
  await withChanged(target.store, instances, update.changes, async files => {
    update.replacing = instances.map(instance => instance.watermark);
    await context.save(update);
    await target.replaceAll(files);
  });
  closeStudy(update, instances.length);
}

function closeStudy(update: BulkUpdate, instances: number): void {
  update.replacing = undefined;
  update.studyUpdated += 1;
  update.instanceUpdated += instances;
}

/** Writes changed files of instances, hands them to `use`, and removes what was not taken. */
async function withChanged(
  store: InstanceStore,
  instances: readonly StoredInstance[],
  changes: readonly TextChange[],
  use: (files: readonly Replacement[]) => Promise<void>
): Promise<void> {
  const files: Replacement[] = [];
  const failed: StoredInstance[] = [];
  const paths: string[] = [];
  try {
    for (const replaced of instances) {
      // Deleted or replaced meanwhile: its file may be gone.
      if (store.index.get(replaced) !== replaced) continue;
      const path = store.temporaryPath();
      paths.push(path);
      try {
        await changeElements(replaced.path, path, changes);
        const { size } = stateOf(path);
        const { watermark, version } = replaced;
        // Of the header only this stays in memory: there may be thousands of instances.
        const header = await readWholeHeader(path, size);
        const file = describeInstance(header, version, { path, size, watermark });
        files.push({ replaced, file });
      } catch {
        failed.push(replaced);
      }
    }
    if (failed.length > 0) throw new InstancesFailed(failed);
    await use(files);
  } finally {
    for (const path of paths) await store.discard(path);
  }
}
