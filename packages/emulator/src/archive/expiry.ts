import { JsonFile } from './json-file.ts';

/** When studies are to go, by partition and study. [reference 1.7] */
export class Expiry {
  readonly #file: JsonFile<[partitionName: string, studyInstanceUID: string, atMs: number][]>;
  readonly #times = new Map<string, number>();
  #next = Infinity;

  private constructor(path: string) {
    this.#file = new JsonFile(path);
  }

  static async open(path: string): Promise<Expiry> {
    const expiry = new Expiry(path);
    for (const [partitionName, study, atMs] of (await expiry.#file.read()) ?? []) {
      expiry.#times.set(`${partitionName}/${study}`, atMs);
      expiry.#next = Math.min(expiry.#next, atMs);
    }
    return expiry;
  }

  /** Sets when a study goes, in place of what was set before. @param atMs - milliseconds since 1970. */
  async set(partitionName: string, studyInstanceUID: string, atMs: number): Promise<void> {
    this.#times.set(`${partitionName}/${studyInstanceUID}`, atMs);
    this.#next = Math.min(this.#next, atMs);
    await this.#save();
  }

  /** Takes out the studies whose time has come. */
  async due(nowMs: number): Promise<{ partitionName: string; studyInstanceUID: string }[]> {
    if (nowMs < this.#next) return [];
    const due = [...this.#times].filter(([, atMs]) => atMs <= nowMs).map(([key]) => key);
    for (const key of due) this.#times.delete(key);
    this.#next = Math.min(Infinity, ...this.#times.values());
    await this.#save();
    return due.map(key => {
      const [partitionName = '', studyInstanceUID = ''] = key.split('/');
      return { partitionName, studyInstanceUID };
    });
  }

  settle(): Promise<void> {
    return this.#file.settle();
  }

  #save(): Promise<void> {
    const entries = [...this.#times].map(([key, atMs]): [string, string, number] => {
      const [partitionName = '', study = ''] = key.split('/');
      return [partitionName, study, atMs];
    });
    return this.#file.write(entries);
  }
}
