import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { JsonFile } from './json-file.ts';

/** Where a work item stands. @see PS3.4 CC.1.1 */
export type ProcedureStepState = 'SCHEDULED' | 'IN PROGRESS' | 'COMPLETED' | 'CANCELED';

/** A Unified Procedure Step. */
export interface WorkItem {
  partitionName: string;
  uid: string;
  state: ProcedureStepState;
  /** Whoever knows it may change the work item. */
  transactionUID?: string;
  /** Grows with each change; orders results. */
  watermark: number;
  /** Without the Transaction UID. */
  dataSet: JsonDataSet;
}

/** The work items, one file each. */
export class WorkItems {
  readonly #folder: string;
  readonly #items = new Map<string, { item: WorkItem; file: JsonFile<WorkItem> }>();
  #lastWatermark = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<WorkItems> {
    const items = new WorkItems(folder);
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names) {
      if (name.startsWith('.') || !name.endsWith('.json')) continue;
      const item = JSON.parse(await readFile(join(folder, name), 'utf8')) as WorkItem;
      items.#items.set(keyOf(item.partitionName, item.uid), {
        item,
        file: new JsonFile(join(folder, name)),
      });
      items.#lastWatermark = Math.max(items.#lastWatermark, item.watermark);
    }
    return items;
  }

  get(partitionName: string, uid: string): WorkItem | undefined {
    return this.#items.get(keyOf(partitionName, uid))?.item;
  }

  /** The work items of a partition, the one changed last first. */
  list(partitionName: string): WorkItem[] {
    return [...this.#items.values()]
      .map(one => one.item)
      .filter(item => item.partitionName === partitionName)
      .sort((a, b) => b.watermark - a.watermark);
  }

  /** Keeps a new work item or a change of one; it survives a crash when this resolves. */
  async put(changed: Omit<WorkItem, 'watermark'>): Promise<void> {
    const item = { ...changed, watermark: ++this.#lastWatermark };
    const key = keyOf(item.partitionName, item.uid);
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const present = this.#items.get(key);
    const file = present?.file ?? new JsonFile<WorkItem>(join(this.#folder, `${name}.json`));
    this.#items.set(key, { item, file });
    try {
      await file.write(item);
    } catch (error) {
      if (present) this.#items.set(key, present);
      else this.#items.delete(key);
      throw error;
    }
  }
}

const keyOf = (partitionName: string, uid: string) => `${partitionName}/${uid}`;
