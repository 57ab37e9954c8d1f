import { closeSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import { renameSync, rmSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { JournaledInstance } from './journaled-instance.ts';
import { MetadataFile } from './metadata-file.ts';
import { DESCRIPTION_RULES } from './stored-instance.ts';
import type { ApiVersion, StoredInstance } from './stored-instance.ts';

const FOLDER = '.index';
const JOURNAL = 'instances.jsonl';
const NEW_JOURNAL = `${JOURNAL}.new`;
const CHUNK_BYTES = 1024 * 1024;
/** Records which no instance has any more are tolerated up to this many, and up to half of all. */
const MAX_DEAD_RECORDS = 1000;
/** Lines which wait to be written together. */
const MAX_PENDING = 500;

/** The first line of the journal. */
interface Head {
  rules: string;
  /** Name of the metadata file. */
  metadata: string;
}

/** A line of the journal, as an array: there are many. */
type Row = [
  path: string,
  size: number,
  mtimeMs: number,
  watermark: number,
  version: ApiVersion,
  studyInstanceUID: string,
  seriesInstanceUID: string,
  sopInstanceUID: string,
  sopClassUID: string,
  transferSyntaxUID: string,
  offset: number,
  length: number,
  crc: number,
  /** The indexed attributes, as JSON: equal within a series. */
  indexed: string,
];

/** A file as the folder has it. */
export interface FileState {
  /** Path within the data folder. */
  path: string;
  size: number;
  mtimeMs: number;
}

/**
 * The index beside the files, `<data folder>/.index`: one line per instance, and their metadata.
 * It saves reading 100,000 files at start. It is never the truth: a record counts only while the
 * file has the size and time which it names, and without any of it the files are read again.
 */
export class InstanceJournal {
  readonly #root: string;
  readonly #strings = new Map<string, string>();
  readonly #attributes = new Map<string, JsonDataSet>();
  readonly #records = new Map<string, Row>();
  #lines = 0;
  /** `undefined` when the folder cannot be written: the index is in memory alone then. */
  #files: { journal: number; metadata: MetadataFile } | undefined;
  #pending: string[] = [];
  #metadataName = '';
  #torn = false;

  private constructor(root: string) {
    this.#root = root;
  }

  /** Opens the index of a data folder; one which cannot be read is begun anew. */
  static open(root: string): InstanceJournal {
    const journal = new InstanceJournal(root);
    try {
      mkdirSync(join(root, FOLDER), { recursive: true });
      if (!journal.#resume()) {
        journal.#begin();
        journal.publish();
      }
    } catch {
      journal.close();
    }
    return journal;
  }

  /** The instance of a file, when the journal knows the file as it is. */
  find(file: FileState): StoredInstance | undefined {
    const row = this.#records.get(file.path);
    const files = this.#files;
    if (!row || !files || row[1] !== file.size || row[2] !== file.mtimeMs) return undefined;
    const [path, size, , watermark, version, study, series, sop, sopClass, transferSyntax] = row;
    const [offset, length, crc, indexed] = row.slice(10) as [number, number, number, string];
    if (offset + length > files.metadata.size) return undefined;
    return new JournaledInstance(
      {
        studyInstanceUID: this.#shared(study),
        seriesInstanceUID: this.#shared(series),
        sopInstanceUID: sop,
        sopClassUID: this.#shared(sopClass),
        transferSyntaxUID: this.#shared(transferSyntax),
        version,
        watermark,
        path: join(this.#root, path),
        size,
      },
      this.#sharedAttributes(indexed),
      files.metadata,
      { offset, length, crc }
    );
  }

  /**
   * Writes an instance down, soon.
   *
   * @returns the instance with its metadata on the disk; as it came when there is no index on the disk.
   */
  add(instance: StoredInstance, file: FileState): StoredInstance {
    const files = this.#files;
    if (!files) return instance;
    const indexed = JSON.stringify(instance.indexed);
    const place = files.metadata.append(instance.metadata);
    const row: Row = [
      file.path,
      file.size,
      file.mtimeMs,
      instance.watermark,
      instance.version,
      instance.studyInstanceUID,
      instance.seriesInstanceUID,
      instance.sopInstanceUID,
      instance.sopClassUID,
      instance.transferSyntaxUID,
      place.offset,
      place.length,
      place.crc,
      indexed,
    ];
    this.#pending.push(JSON.stringify(row));
    if (this.#pending.length >= MAX_PENDING) this.#writePending();
    else if (this.#pending.length === 1) setImmediate(() => this.#writePending());
    return new JournaledInstance(instance, this.#sharedAttributes(indexed), files.metadata, place);
  }

  /** Whether so many of its records are of instances which are gone that it should be {@link renew}ed. */
  isMostlyDead(instances: number): boolean {
    return this.#lines - instances > Math.max(MAX_DEAD_RECORDS, instances);
  }

  /** To be called when all files were asked for: what was read of the journal is not needed any more. */
  endReading(): void {
    this.#records.clear();
  }

  /**
   * A new journal, empty, in the place of this one as soon as {@link publish} is called; this one
   * is to be closed when nothing reads its metadata any more.
   */
  renew(): InstanceJournal {
    const fresh = new InstanceJournal(this.#root);
    try {
      fresh.#begin();
    } catch {
      fresh.close();
    }
    return fresh;
  }

  /** Instances come in many at once: their lines are written together. */
  #writePending(): void {
    const lines = this.#pending;
    const files = this.#files;
    this.#pending = [];
    if (lines.length === 0 || !files) return;
    try {
      files.metadata.write();
      this.#write(files.journal, `${lines.join('\n')}\n`);
      this.#lines += lines.length;
    } catch {
      // A full disk: these instances are read from their files at the next start.
    }
  }

  close(): void {
    this.#writePending();
    if (!this.#files) return;
    closeSync(this.#files.journal);
    this.#files.metadata.close();
    this.#files = undefined;
  }

  /** Goes on with the journal which is there. @returns whether there is one by today's rules. */
  #resume(): boolean {
    const folder = join(this.#root, FOLDER);
    if (!readdirSync(folder).includes(JOURNAL)) return false;
    const lines = linesOf(join(folder, JOURNAL));
    const head = parsed<Head>(lines.next().value ?? '');
    if (head?.rules !== DESCRIPTION_RULES) return false;
    for (const line of lines) {
      if (line === '') continue;
      this.#lines += 1;
      const row = parsed<Row>(line);
      if (Array.isArray(row) && row.length === 14) this.#records.set(row[0], row);
    }
    this.#metadataName = head.metadata;
    this.#files = {
      journal: openSync(join(folder, JOURNAL), 'a'),
      metadata: MetadataFile.open(join(folder, head.metadata)),
    };
    // A line which was cut must not take the next one with it.
    this.#torn = true;
    return true;
  }

  #begin(): void {
    const folder = join(this.#root, FOLDER);
    const head: Head = { rules: DESCRIPTION_RULES, metadata: `metadata-${randomUUID()}` };
    rmSync(join(folder, NEW_JOURNAL), { force: true });
    const journal = openSync(join(folder, NEW_JOURNAL), 'ax');
    this.#files = { journal, metadata: MetadataFile.open(join(folder, head.metadata)) };
    this.#metadataName = head.metadata;
    this.#write(journal, `${JSON.stringify(head)}\n`);
  }

  /** Puts a journal which was begun in its place, and removes what an earlier one left. */
  publish(): void {
    if (!this.#files) return;
    const folder = join(this.#root, FOLDER);
    this.#writePending();
    try {
      renameSync(join(folder, NEW_JOURNAL), join(folder, JOURNAL));
      for (const name of readdirSync(folder)) {
        if (name !== JOURNAL && name !== this.#metadataName) rmSync(join(folder, name));
      }
    } catch {
      // The next start finds the old journal, or none, and does the same again.
    }
  }

  #write(journal: number, line: string): void {
    const bytes = Buffer.from(this.#torn ? `\n${line}` : line);
    this.#torn = true;
    if (writeSync(journal, bytes) === bytes.length) this.#torn = false;
  }

  #shared(text: string): string {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#strings.set(text, text);
    return text;
  }

  #sharedAttributes(json: string): JsonDataSet {
    const known = this.#attributes.get(json);
    if (known) return known;
    const attributes = JSON.parse(json) as JsonDataSet;
    this.#attributes.set(json, attributes);
    return attributes;
  }
}

function parsed<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest = '';
    for (;;) {
      const count = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) break;
      const lines = (rest + decoder.write(chunk.subarray(0, count))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}
