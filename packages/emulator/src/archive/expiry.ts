import { JsonFile } from './json-file.ts';

/** A study which has its time. */
export interface ExpiringStudy {
  partitionName: string;
  studyInstanceUID: string;
}

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

  /** The studies whose time has come. They stay due until {@link Expiry.forget}. */
  due(nowMs: number): ExpiringStudy[] {
    if (nowMs < this.#next) return [];
    const due = [...this.#times].filter(([, atMs]) => atMs <= nowMs);
    return due.map(([key]) => {
      const [partitionName = '', studyInstanceUID = ''] = key.split('/');
      return { partitionName, studyInstanceUID };
    });
  }

  /** A study is gone: what is stored under its UID later has no time to go yet. */
  async forget({ partitionName, studyInstanceUID }: ExpiringStudy): Promise<void> {
    if (!this.#times.delete(`${partitionName}/${studyInstanceUID}`)) return;
    this.#next = Math.min(Infinity, ...this.#times.values());
    // On a full disk the next start finds a time for nothing, or for a study of the same UID.
    await this.#save().catch(() => undefined);
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
