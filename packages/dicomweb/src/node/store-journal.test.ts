import { appendFile, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fakeClock } from '../../testing/fake-clock.ts';
import { srInstance } from '../../testing/part10-builder.ts';
import { startSmallArchive } from '../../testing/small-archive.ts';
import type { SmallArchive } from '../../testing/small-archive.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { TemporaryFolder } from '../../testing/temporary-folder.ts';
import type { FileOutcome } from './file-outcome.ts';
import { createNodeClient } from './node-client.ts';
import { storeFiles } from './store-files.ts';
import { openStoreJournal } from './store-journal.ts';
import type { StoreJournalOptions } from './store-journal.ts';

let archive: SmallArchive;
let folder: TemporaryFolder;
let journalPath: string;
beforeEach(async () => {
  archive = await startSmallArchive();
  folder = await temporaryFolder();
  journalPath = `${folder.path}/journal/run.jsonl`;
});
afterEach(async () => {
  await archive[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const open = (options: Partial<StoreJournalOptions> = {}) =>
  openStoreJournal(journalPath, { serviceUrl: archive.url, ...options });

async function run(signal?: AbortSignal): Promise<FileOutcome[]> {
  await using journal = await open({ paths: [`${folder.path}/files`] });
  const client = createNodeClient({
    serviceUrl: archive.url,
    clock: fakeClock(),
    dialect: 'azure',
  });
  const outcomes: FileOutcome[] = [];
  await storeFiles(client, journal.paths, {
    journal,
    signal,
    clock: fakeClock(),
    maxRequestInstances: 2,
    concurrency: 1,
    onOutcome: outcome => outcomes.push(outcome),
  });
  client.close();
  return outcomes;
}

const write = (name: string, uid: string, patient?: string) =>
  folder.write(`files/${name}`, srInstance(uid, patient));

describe('a run with a journal', () => {
  it('goes on where it was stopped, and tells the earlier outcomes too', async () => {
    for (let index = 0; index < 6; index += 1) await write(`${index}`, `2.25.${index + 1}`);
    const stopping = new AbortController();
    archive.rules.push(() => {
      if (archive.stores.length === 2) stopping.abort(new Error('Ctrl-C'));
      return undefined;
    });
    const first = await run(stopping.signal);
    expect(first.filter(({ outcome }) => outcome === 'stored')).toHaveLength(2);
    archive.rules.length = 0;
    const second = await run();
    expect(second).toHaveLength(6);
    expect(second.map(({ outcome }) => outcome)).toEqual(Array(6).fill('stored'));
    expect(second.filter(({ fromJournal }) => fromJournal)).toHaveLength(2);
    const sent = archive.stores.flatMap(({ uids }) => uids);
    expect(sent.filter(uid => uid === '2.25.1')).toHaveLength(1);
    expect(archive.stored.size).toBe(6);
  });

  it('asks for what was being sent when it was killed, and does not send what is there', async () => {
    const file = await write('a', '2.25.1');
    await run();
    // As a kill between the request and its outcome leaves it.
    const lines = (await readFile(journalPath, 'utf8')).trimEnd().split('\n');
    await writeFile(
      journalPath,
      lines.filter(line => !line.includes('"outcome"')).join('\n') + '\n'
    );
    archive.stores.length = 0;
    expect(await run()).toMatchObject([{ file, outcome: 'stored', settled: true }]);
    expect(archive.stores).toEqual([]);
  });

  it('a file that was only touched is the same; one that has changed is noticed', async () => {
    const touched = await write('touched', '2.25.1');
    const changed = await write('changed', '2.25.2');
    const other = await write('other', '2.25.3');
    await run();
    await utimes(touched, new Date(), new Date(Date.now() + 9000));
    await writeFile(changed, srInstance('2.25.2', 'CORRECTED'));
    await writeFile(other, srInstance('2.25.4'));
    const outcomes = await run();
    const of = (file: string) => outcomes.find(outcome => outcome.file === file);
    expect(of(touched)).toMatchObject({ outcome: 'stored', fromJournal: true });
    expect(of(changed)).toMatchObject({ outcome: 'rejected', changed: true, failureReason: 45070 });
    expect(of(changed)?.message).toMatch(/changed since an earlier run/);
    expect(of(other)).toMatchObject({ outcome: 'stored', changed: true, sopInstanceUID: '2.25.4' });
  });

  it('what was rejected for good is not sent again; what was not sent is', async () => {
    await write('a', '2.25.1');
    archive.rules.push(() => ({ status: 400 }));
    await run();
    expect(await run()).toMatchObject([{ outcome: 'rejected', fromJournal: true }]);
    expect(archive.stores).toHaveLength(1);
    await write('b', '2.25.2');
    archive.rules[0] = () => ({ status: 403 });
    await run();
    archive.rules.length = 0;
    expect((await run()).map(({ outcome }) => outcome)).toEqual(['rejected', 'stored']);
  });

  it('has no patient data', async () => {
    await write('a', '2.25.1', 'MARKER-PATIENT');
    await run();
    expect(await readFile(journalPath, 'utf8')).not.toContain('MARKER');
  });
});

describe('openStoreJournal', () => {
  it('takes a torn last line for nothing, and goes on behind the last whole one', async () => {
    await write('a', '2.25.1');
    await run();
    const whole = await readFile(journalPath, 'utf8');
    await appendFile(journalPath, '{"event":"outcome","path":"/x","byt');
    const journal = await open();
    expect(journal.size).toBe(1);
    await journal.sending([{ path: '/y', bytes: 1, mtimeMs: 1 }]);
    await journal.close();
    expect(await readFile(journalPath, 'utf8')).toBe(
      `${whole}{"event":"sending","files":[{"path":"/y","bytes":1,"mtimeMs":1}]}\n`
    );
  });

  it.each([
    ['a text that is none of ours', 'hello, this is my thesis'],
    ['lines that are none of ours', 'a\nb\n'],
    ['a damaged line in the middle', undefined],
  ])('refuses %s, and leaves it as it is', async (_what, content) => {
    await (await open({ paths: ['x'] })).close();
    const head = await readFile(journalPath, 'utf8');
    const damaged = content ?? `${head}\0\0\0\n{"event":"sending","files":[]}\n`;
    await writeFile(journalPath, damaged);
    await expect(open()).rejects.toMatchObject({ code: 'ERR_STORE_JOURNAL_UNREADABLE' });
    expect(await readFile(journalPath, 'utf8')).toBe(damaged);
  });

  it('one process at a time; the lock of one that is gone counts for nothing', async () => {
    const journal = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'ERR_STORE_JOURNAL_LOCKED',
      message: expect.stringContaining(String(process.pid)),
    });
    await journal.close();
    const lock = (pid: number, started?: string) =>
      writeFile(
        `${journalPath}.lock`,
        JSON.stringify({ pid, started, host: hostname(), id: 'other' })
      );
    // A process id beyond the system's largest; and our own, given out to another process since.
    await lock(4_194_305);
    await (await open()).close();
    await lock(process.pid, '1');
    await (await open()).close();
    await lock(process.ppid);
    await expect(open()).rejects.toMatchObject({ code: 'ERR_STORE_JOURNAL_LOCKED' });
  });

  it.each([
    ['new', true, 'ERR_STORE_JOURNAL_EXISTS'],
    ['resume', false, 'ERR_STORE_JOURNAL_MISSING'],
  ] as const)('mode %s, journal there: %s -> %s', async (mode, isThere, code) => {
    if (isThere) await (await open()).close();
    await expect(open({ mode })).rejects.toMatchObject({ code });
  });

  it('is of one service', async () => {
    await (await open()).close();
    await expect(open({ serviceUrl: 'https://other.example/v2' })).rejects.toMatchObject({
      code: 'ERR_STORE_JOURNAL_OTHER_SERVICE',
    });
  });

  it('says so where it cannot be written', async () => {
    await folder.write('file', 'x');
    await expect(
      openStoreJournal(`${folder.path}/file/journal`, { serviceUrl: archive.url })
    ).rejects.toMatchObject({ code: 'ERR_STORE_JOURNAL_NOT_WRITABLE' });
  });
});
