import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFileLedger } from './file-ledger.ts';
import type { SeenInstance } from './ledger.ts';
import { describeLedger, instanceId } from './testing/ledger-contract.ts';
import { MemoryFolder } from './testing/memory-folder.ts';

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ledger-'));
  folders.push(folder);
  return folder;
};
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
const TIMES = { quietMs: 0, longestMs: 0 };
const clock = { now: () => Date.now() };

describeLedger('a file', async () => {
  const folder = await newFolder();
  return { open: () => openFileLedger({ folder, clock, ...TIMES }) };
});

const START = { cursor: 0, epoch: 0 };
const seen = (n: number): SeenInstance => ({ id: instanceId(n), study: 'study', seq: n });

describe('the quiet timer', () => {
  const at = async (quietMs: number, longestMs: number) => {
    let now = 1_000_000;
    const folder = await newFolder();
    const options = { folder, clock: { now: () => now }, quietMs, longestMs };
    const ledger = await openFileLedger(options);
    const arrive = async (n: number, time: number): Promise<void> => {
      now = time;
      const feed = await ledger.feed();
      await ledger.recordFeed(feed, { ...feed, cursor: n }, [seen(n)]);
    };
    const isDue = async (time: number): Promise<boolean> => {
      now = time;
      const claim = await ledger.claim(10);
      await claim?.release();
      return claim !== undefined;
    };
    return { arrive, isDue, close: () => ledger.close() };
  };

  it('begins anew with each instance', async () => {
    const { arrive, isDue, close } = await at(30_000, 600_000);
    await arrive(1, 1_000_000);
    expect(await isDue(1_029_999)).toBe(false);
    await arrive(2, 1_029_999);
    expect(await isDue(1_059_998)).toBe(false);
    expect(await isDue(1_059_999)).toBe(true);
    await close();
  });

  it('does not wait for ever', async () => {
    const { arrive, isDue, close } = await at(30_000, 60_000);
    for (let n = 0; n < 6; n += 1) await arrive(n + 1, 1_000_000 + n * 10_000);
    expect(await isDue(1_059_999)).toBe(false);
    expect(await isDue(1_060_000)).toBe(true);
    await close();
  });
});

describe('one relay for a folder', () => {
  it('refuses a second one, and lets it in when the first has closed', async () => {
    const folder = await newFolder();
    const first = await openFileLedger({ folder, clock, ...TIMES });
    const second = () => openFileLedger({ folder, clock, ...TIMES });
    await expect(second()).rejects.toMatchObject({ code: 'ERR_RELAY_LEDGER_LOCKED' });
    await first.close();
    await (await second()).close();
    expect(await readdir(folder)).toEqual(['ledger.jsonl']);
  });

  it('takes the folder over from a process that was killed', async () => {
    const folder = await newFolder();
    const script = `const server = require('node:net').createServer();
      server.listen(process.argv[1] + '/ledger.lock', () => console.log('locked'));`;
    const child = spawn(process.execPath, ['-e', script, folder]);
    await new Promise(resolve => child.stdout.once('data', resolve));
    const open = () => openFileLedger({ folder, clock, ...TIMES });
    await expect(open()).rejects.toMatchObject({ code: 'ERR_RELAY_LEDGER_LOCKED' });
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(await readdir(folder)).toContain('ledger.lock');
    await (await open()).close();
  });

  it('writes nothing more when its lock was taken away', async () => {
    const folder = await newFolder();
    const ledger = await openFileLedger({ folder, clock, ...TIMES });
    await rm(path.join(folder, 'ledger.lock'));
    await expect(
      ledger.recordFeed(START, { cursor: 1, epoch: 0 }, [seen(1)])
    ).rejects.toMatchObject({ code: 'ERR_RELAY_LEDGER_WRITE' });
    await ledger.close();
  });

  it('says when the path is too long for a lock', async () => {
    const folder = path.join(await newFolder(), 'x'.repeat(120));
    await expect(openFileLedger({ folder, clock, ...TIMES })).rejects.toMatchObject({
      code: 'ERR_RELAY_LEDGER_WRITE',
      message: expect.stringContaining('too long'),
    });
  });
});

describe('the disk', () => {
  it('is said to be full until it takes something again; nothing is half recorded', async () => {
    const files = new MemoryFolder();
    const folder = await newFolder();
    const ledger = await openFileLedger({ folder, files, clock, ...TIMES });
    files.room = 20;
    await expect(
      ledger.recordFeed(START, { cursor: 1, epoch: 0 }, [seen(1)])
    ).rejects.toMatchObject({ code: 'ERR_RELAY_LEDGER_WRITE' });
    expect(ledger.problem()?.text).toContain('the disk is full');
    expect(await ledger.feed()).toEqual(START);
    expect(await ledger.list()).toEqual([]);
    files.room = Number.POSITIVE_INFINITY;
    await ledger.recordFeed(START, { cursor: 1, epoch: 0 }, [seen(1)]);
    expect(ledger.problem()).toBeUndefined();
    await ledger.close();
  });

  it('keeps a ledger small that turns over a lot', async () => {
    const files = new MemoryFolder();
    const folder = await newFolder();
    const options = { folder, files, clock, ...TIMES, minCompactBytes: 10_000 };
    const ledger = await openFileLedger(options);
    let feed = START;
    for (let n = 1; n <= 500; n += 1) {
      await ledger.recordFeed(feed, { cursor: n, epoch: 0 }, [seen(n)]);
      feed = await ledger.feed();
      await ledger.forget([instanceId(n - 5)]);
    }
    await ledger.close();
    expect(files.text().length).toBeLessThan(12_000);
    const opened = await openFileLedger(options);
    expect(await opened.list()).toHaveLength(5);
    await opened.close();
  });

  it('refuses the ledger of a newer relay', async () => {
    const folder = await newFolder();
    const files = new MemoryFolder();
    const { encodeLine } = await import('./journal-line.ts');
    files.set(encodeLine([{ t: 'format', version: 2 }]));
    await expect(openFileLedger({ folder, files, clock, ...TIMES })).rejects.toMatchObject({
      code: 'ERR_RELAY_LEDGER_CORRUPT',
      message: expect.stringContaining('newer'),
    });
  });
});
