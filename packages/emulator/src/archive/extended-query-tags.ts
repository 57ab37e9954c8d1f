import type { JsonAttribute, JsonDataSet, JsonValue } from '../part10/dicom-json.ts';
import type { Level } from '../dicom-service/search-resources.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { minimumRule } from '../validation/minimum-rules.ts';
import type { Subject } from './change-feed.ts';
import { JsonFile } from './json-file.ts';
import { tagInDataSet } from '../part10/private-tags.ts';
import type { NamedAttribute } from '../part10/private-tags.ts';

/** An attribute which was made searchable. [reference 4, Extended query tags] */
export interface ExtendedQueryTag extends NamedAttribute {
  vr: string;
  level: Level;
  status: 'adding' | 'ready';
  queryStatus: 'enabled' | 'disabled';
  /** The operation which re-indexes, while `status` is `adding`. */
  operationId?: string;
  errors: TagError[];
}

/** An instance whose value could not be indexed. */
export interface TagError extends Subject {
  /** Milliseconds since 1970. */
  createdTime: number;
  message: string;
}

/** An instance and the partition it is in. */
export interface Located {
  subject: Subject;
  instance: StoredInstance;
}

/** The extended query tags of the service and, in memory, the values of all instances. */
export class ExtendedQueryTags {
  readonly #file: JsonFile<ExtendedQueryTag[]>;
  readonly #tags = new Map<string, ExtendedQueryTag>();
  /** Values by tag path and instance. */
  readonly #values = new Map<string, Map<string, JsonAttribute>>();

  private constructor(file: JsonFile<ExtendedQueryTag[]>) {
    this.#file = file;
  }

  /** Reads the tags; re-indexing which was interrupted is completed. */
  static async open(
    path: string,
    instances: Iterable<Located>,
    now: () => number
  ): Promise<ExtendedQueryTags> {
    const tags = new ExtendedQueryTags(new JsonFile(path));
    for (const tag of (await tags.#file.read()) ?? []) tags.#tags.set(tag.path, tag);
    if (tags.#tags.size === 0) return tags;
    const adding = tags.list().filter(tag => tag.status === 'adding');
    for (const tag of adding) tag.errors = [];
    for (const located of instances) {
      tags.add(located);
      for (const tag of adding) tags.#check(tag, located, now());
    }
    for (const tag of adding) finish(tag);
    if (adding.length > 0) await tags.save();
    return tags;
  }

  /** All tags, in the order of their paths. */
  list(): ExtendedQueryTag[] {
    return [...this.#tags.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  get(path: string): ExtendedQueryTag | undefined {
    return this.#tags.get(path);
  }

  /** Adds tags which are to be indexed by {@link reindex}. */
  async insert(tags: readonly ExtendedQueryTag[]): Promise<void> {
    for (const tag of tags) this.#tags.set(tag.path, tag);
    await this.save();
  }

  async delete(path: string): Promise<void> {
    this.#tags.delete(path);
    this.#values.delete(path);
    await this.save();
  }

  /** Writes the tags down as they are. */
  save(): Promise<void> {
    return this.#file.write(this.list());
  }

  settle(): Promise<void> {
    return this.#file.settle();
  }

  /**
   * Indexes all instances for some tags, which are ready then. Gives way to requests in between.
   *
   * @param isThere - whether an instance is still what its study has: a later version was indexed
   *   when it was stored.
   */
  async reindex(
    tags: readonly ExtendedQueryTag[],
    instances: readonly Located[],
    isThere: (located: Located) => boolean,
    now: () => number,
    report: (percentComplete: number) => void
  ): Promise<void> {
    for (const [index, located] of instances.entries()) {
      for (const tag of isThere(located) ? tags : []) {
        if (this.#check(tag, located, now())) this.#index(tag, located);
      }
      if (index % 200 === 199) {
        report(Math.floor((index / instances.length) * 100));
        await new Promise(resolve => setImmediate(resolve));
      }
    }
    for (const tag of tags) finish(tag);
    await this.save();
  }

  /** Indexes a new instance for all tags. */
  add(located: Located): void {
    if (this.#tags.size === 0) return;
    const metadata = metadataOf(located.instance);
    for (const tag of this.#tags.values()) this.#index(tag, located, metadata);
  }

  /** Forgets an instance, its errors too. */
  remove(subject: Subject): void {
    if (this.#tags.size === 0) return;
    const key = keyOf(subject);
    for (const values of this.#values.values()) values.delete(key);
    let changed = false;
    for (const tag of this.#tags.values()) {
      const left = tag.errors.filter(error => keyOf(error) !== key);
      changed ||= left.length < tag.errors.length;
      tag.errors = left;
    }
    if (changed) void this.save().catch(() => undefined);
  }

  /** The value of a tag for a study, a series or an instance: that of the newest which has one. */
  valueOf(
    tag: ExtendedQueryTag,
    partitionName: string,
    instances: readonly StoredInstance[]
  ): JsonAttribute | undefined {
    const values = this.#values.get(tag.path);
    if (!values) return undefined;
    for (let index = instances.length - 1; index >= 0; index -= 1) {
      const instance = instances[index];
      const value = instance && values.get(keyOf({ ...subjectOf(instance), partitionName }));
      if (value) return value;
    }
    return undefined;
  }

  #index(tag: ExtendedQueryTag, { subject, instance }: Located, metadata?: JsonDataSet): void {
    const attribute = attributeOf(tag, metadata ?? metadataOf(instance));
    if (!attribute?.Value || attribute.vr !== tag.vr) return;
    let values = this.#values.get(tag.path);
    if (!values) this.#values.set(tag.path, (values = new Map<string, JsonAttribute>()));
    values.set(keyOf(subject), attribute);
  }

  /** Whether the value of an instance can be indexed; writes the error down if not. */
  #check(tag: ExtendedQueryTag, { subject, instance }: Located, now: number): boolean {
    const attribute = attributeOf(tag, metadataOf(instance));
    const message = attribute && indexingError(tag, attribute);
    if (message === undefined) return true;
    tag.errors.push({ ...subject, createdTime: now, message });
    return false;
  }
}

const metadataOf = (instance: StoredInstance) => JSON.parse(instance.metadata) as JsonDataSet;

function attributeOf(tag: ExtendedQueryTag, dataSet: JsonDataSet): JsonAttribute | undefined {
  const creatorAt = (creator: string) => {
    const values = dataSet[creator]?.Value;
    return values?.length === 1 ? textOf(values[0] ?? null) : undefined;
  };
  const present = tagInDataSet(tag, creatorAt);
  return present === undefined ? undefined : dataSet[present];
}

function finish(tag: ExtendedQueryTag): void {
  tag.status = 'ready';
  tag.operationId = undefined;
  if (tag.errors.length > 0) tag.queryStatus = 'disabled';
}

/** The short texts which the service keeps by number. [source ValidationErrorCodeExtensions] */
const SHORT_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/^Value length exceeds maximum length/, 'Value length exceeds maximum length.'],
  [/^Value length is not/, 'Value length is not expected.'],
];

function indexingError(tag: ExtendedQueryTag, attribute: JsonAttribute): string | undefined {
  if (attribute.vr !== tag.vr) return 'The extended query tag VR is not expected.';
  const message = minimumRule(tag.vr, textOf(attribute.Value?.[0] ?? null));
  if (message === undefined) return undefined;
  return SHORT_TEXTS.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}

/** A value of the DICOM JSON model as it stands in a file. */
export function textOf(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
}

const subjectOf = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: StoredInstance) => ({
  studyInstanceUID,
  seriesInstanceUID,
  sopInstanceUID,
});

const keyOf = (one: Subject) =>
  `${one.partitionName}/${one.studyInstanceUID}/${one.seriesInstanceUID}/${one.sopInstanceUID}`;
