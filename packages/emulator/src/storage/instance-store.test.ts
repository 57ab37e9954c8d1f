/** Replacement of instances, and the index beside the files. */
import { mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPart10Header } from '../part10/part10-reader.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { filesBelow } from './durable-files.ts';
import { InstanceJournal } from './instance-journal.ts';
import { InstanceStore } from './instance-store.ts';
import type { AddOptions, Replacement } from './instance-store.ts';
import { describeInstance } from './stored-instance.ts';

const UIDS = { studyInstanceUID: '1.2', seriesInstanceUID: '1.3', sopInstanceUID: '1.4' };
const fileOf = (description: string, sopInstanceUID = UIDS.sopInstanceUID) =>
  buildPart10(
    instanceElements({
      '0020000D': ['UI', UIDS.studyInstanceUID],
      '0020000E': ['UI', UIDS.seriesInstanceUID],
      '00080018': ['UI', sopInstanceUID],
      '0008103E': ['LO', description],
    })
  );

let folder: string;
let store: InstanceStore;
let time = 0;
const open = () => InstanceStore.open(folder, () => (time += 1));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instance-store-'));
  store = await open();
});
afterEach(async () => {
  await store.settle();
  await rm(folder, { recursive: true, force: true });
});

async function add(file: Buffer, options?: AddOptions): Promise<string> {
  const path = store.temporaryPath();
  await writeFile(path, file);
  return store.add(path, readPart10Header(file, true), 2, options);
}
/** Replaces all instances with one file's description. @param meanwhile - once its copies are made. */
async function replaceAll(
  file: Buffer,
  meanwhile?: (files: string[]) => Promise<void>
): Promise<void> {
  const replacements: Replacement[] = [];
  for (const replaced of store.index.find({ studyInstanceUID: UIDS.studyInstanceUID })) {
    const path = store.temporaryPath();
    await writeFile(path, file);
    const { watermark, version, sopInstanceUID } = replaced;
    const place = { path, size: file.length, watermark };
    const described = describeInstance(readPart10Header(file, true), version, place);
    replacements.push({ replaced, file: { ...described, sopInstanceUID } });
  }
  await meanwhile?.(replacements.map(one => one.file.path));
  await store.replaceAll(replacements, () => undefined);
}
async function reopened(): Promise<void> {
  await store.settle();
  store = await open();
}
const found = () => {
  const [instance] = store.index.find(UIDS);
  if (!instance) throw new Error('The instance is not there.');
  return instance;
};
const described = (metadata: string) =>
  (JSON.parse(metadata) as Record<string, { Value: string[] }>)['0008103E']?.Value[0];

describe('replacement', () => {
  it('without it the first one stays', async () => {
    expect(await add(fileOf('first'))).toBe('stored');
    expect(await add(fileOf('second'))).toBe('alreadyStored');
    expect(described(found().metadata)).toBe('first');
  });

  it('the new file alone is left, now and after a restart', async () => {
    await add(fileOf('first'));
    const before = found().watermark;
    expect(await add(fileOf('second'), { replace: true })).toBe('stored');
    for (let restart = 0; restart < 2; restart += 1) {
      expect(described(found().metadata)).toBe('second');
      expect(found().watermark).toBeGreaterThan(before);
      expect(found().original).toBeUndefined();
      expect(await filesBelow(folder)).toHaveLength(1);
      await reopened();
    }
  });

  it('all at once: the first one ever is kept, however often it is changed', async () => {
    await add(fileOf('first'));
    await replaceAll(fileOf('second'));
    await replaceAll(fileOf('third'));
    for (let restart = 0; restart < 2; restart += 1) {
      expect(described(found().metadata)).toBe('third');
      const original = found().original;
      expect(described(original?.metadata ?? '{}')).toBe('first');
      expect(await readFile(original?.path ?? '')).toEqual(fileOf('first'));
      expect(await filesBelow(folder)).toHaveLength(2);
      await reopened();
    }
    expect(await store.remove({ studyInstanceUID: '1.2' })).toBe(1);
    expect(await filesBelow(folder)).toEqual([]);
  });

  it('all at once: one which cannot be moved leaves all as they were', async () => {
    await add(fileOf('first'));
    await add(fileOf('first', '1.5'));
    const files = await filesBelow(folder);
    await expect(replaceAll(fileOf('second'), ([, last = '']) => rm(last))).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(described(found().metadata)).toBe('first');
    expect(await filesBelow(folder)).toEqual(files);
  });

  it('all at once: what is no longer there, or newer, stays so', async () => {
    await add(fileOf('first'));
    await replaceAll(fileOf('second'), async () => {
      await add(fileOf('third'), { replace: true });
    });
    expect(described(found().metadata)).toBe('third');
    await replaceAll(fileOf('fourth'), async () => {
      await store.remove({ studyInstanceUID: '1.2' });
    });
    expect(await filesBelow(folder)).toEqual([]);
  });

  it('interrupted before the new version was in place: undone', async () => {
    await add(fileOf('first'));
    const { path } = found();
    await store.settle();
    await rename(path, `${path}.original`);
    store = await open();
    expect(described(found().metadata)).toBe('first');
    expect(await filesBelow(folder)).toEqual([path]);
  });

  it('interrupted before the old version was removed: the newer one counts', async () => {
    await add(fileOf('first'));
    const { path } = found();
    await add(fileOf('second'), { replace: true });
    await store.settle();
    await writeFile(path, fileOf('first'));
    store = await open();
    expect(described(found().metadata)).toBe('second');
    expect(await filesBelow(folder)).toHaveLength(1);
  });
});

describe('the index beside the files', () => {
  const index = () => join(folder, '.index');

  it('spares reading the files, as long as size and time are the same', async () => {
    await add(fileOf('first'));
    const { path } = found();
    const { size } = await stat(path);
    // In whole seconds, which can be set again exactly.
    const [atime, mtime] = [new Date(1000), new Date(1000)];
    await utimes(path, atime, mtime);
    await reopened();
    await store.settle();
    // Nobody looks into the file: what stands there now would not be an instance.
    await writeFile(path, Buffer.alloc(size));
    await utimes(path, atime, mtime);
    store = await open();
    const known = store.index.count;
    await utimes(path, atime, new Date(mtime.getTime() + 5000));
    await reopened();
    expect([known, store.index.count]).toEqual([1, 0]);
  });

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, -20)],
    ['garbage', () => Buffer.from('{"rules": "others"}\nxx\n')],
    ['empty', () => Buffer.alloc(0)],
  ])('a journal which is %s is no harm', async (_, damage) => {
    await add(fileOf('first'));
    await add(fileOf('other', '1.5'));
    await store.settle();
    const journal = join(index(), 'instances.jsonl');
    await writeFile(journal, damage(await readFile(journal)));
    for (let restart = 0; restart < 2; restart += 1) {
      store = await open();
      expect(store.index.count).toBe(2);
      expect(described(found().metadata)).toBe('first');
      await store.settle();
    }
    store = await open();
  });

  it('metadata which was harmed is read from the file', async () => {
    await add(fileOf('first'));
    await store.settle();
    const [name = ''] = (await readdir(index())).filter(one => one.startsWith('metadata'));
    const bytes = await readFile(join(index(), name));
    await writeFile(join(index(), name), bytes.fill(0));
    store = await open();
    expect(described(found().metadata)).toBe('first');
  });

  it('it is written anew when most of it is of instances which are gone', async () => {
    await add(fileOf('first'));
    await store.settle();
    const journal = InstanceJournal.open(folder);
    const gone = fileOf('gone', '1.9');
    const place = { path: join(folder, 'gone.dcm'), size: gone.length, watermark: 1 };
    const instance = describeInstance(readPart10Header(gone, true), 2, place);
    for (let n = 0; n < 1200; n += 1) {
      journal.add(instance, { path: `gone-${n}.dcm`, size: gone.length, mtimeMs: n });
    }
    journal.close();
    const size = async () => (await stat(join(index(), 'instances.jsonl'))).size;
    const before = await size();
    store = await open();
    expect(await size()).toBeLessThan(before / 100);
    expect(await readdir(index())).toHaveLength(2);
    expect(described(found().metadata)).toBe('first');
    await reopened();
    expect(described(found().metadata)).toBe('first');
  });
});
