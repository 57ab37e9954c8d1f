import type { JsonAttribute, JsonDataSet } from '../part10/dicom-json.ts';
import { JsonFile } from './json-file.ts';

/** What the file holds. */
interface Kept {
  /** The VR of each tag which was ever given, in the order of their first use. */
  vrs: [tag: string, vr: string][];
  studies: [partitionName: string, studyInstanceUID: string, attributes: JsonDataSet][];
}

/** Attributes of studies which are not part of their files. Only the hosted service has them. */
export class ExternalMetadata {
  readonly #file: JsonFile<Kept>;
  readonly #vrs = new Map<string, string>();
  readonly #studies = new Map<string, JsonDataSet>();

  private constructor(path: string) {
    this.#file = new JsonFile(path);
  }

  static async open(path: string): Promise<ExternalMetadata> {
    const external = new ExternalMetadata(path);
    const { vrs, studies } = (await external.#file.read()) ?? { vrs: [], studies: [] };
    for (const [tag, vr] of vrs) external.#vrs.set(tag, vr);
    for (const [partitionName, study, attributes] of studies) {
      external.#studies.set(`${partitionName}/${study}`, attributes);
    }
    return external;
  }

  /** The tags and their VRs; a tag keeps the one which it was first given. */
  get vrs(): ReadonlyMap<string, string> {
    return this.#vrs;
  }

  /** The attributes of a study, if it has any. */
  of(partitionName: string, studyInstanceUID: string): JsonDataSet | undefined {
    return this.#studies.get(`${partitionName}/${studyInstanceUID}`);
  }

  /** Gives studies attributes, in place of those with the same tags. @throws a system error */
  async set(
    partitionName: string,
    studyInstanceUIDs: Iterable<string>,
    attributes: Readonly<Record<string, JsonAttribute>>
  ): Promise<void> {
    for (const [tag, { vr }] of Object.entries(attributes)) {
      if (!this.#vrs.has(tag)) this.#vrs.set(tag, vr);
    }
    for (const study of studyInstanceUIDs) {
      const present = this.of(partitionName, study);
      this.#studies.set(`${partitionName}/${study}`, { ...present, ...attributes });
    }
    await this.#save();
  }

  /** A study is gone, and what was said of it. */
  async forget(partitionName: string, studyInstanceUID: string): Promise<void> {
    if (!this.#studies.delete(`${partitionName}/${studyInstanceUID}`)) return;
    // On a full disk the next start finds attributes of nothing, or of a study of the same UID.
    await this.#save().catch(() => undefined);
  }

  settle(): Promise<void> {
    return this.#file.settle();
  }

  #save(): Promise<void> {
    const studies = [...this.#studies].map(([key, attributes]): Kept['studies'][number] => {
      const [partitionName = '', study = ''] = key.split('/');
      return [partitionName, study, attributes];
    });
    return this.#file.write({ vrs: [...this.#vrs], studies });
  }
}
