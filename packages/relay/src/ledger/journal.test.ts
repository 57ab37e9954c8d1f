import fc from 'fast-check';
import { Journal, type JournalState } from './journal.ts';
import { encodeLine } from './journal-line.ts';
import { MemoryFolder } from './testing/memory-folder.ts';

/** A state that is a table of numbers; the last operation on a key holds. */
class Table implements JournalState {
  readonly values = new Map<string, number>();

  apply(operations: readonly unknown[]): void {
    for (const operation of operations) {
      const [key, value] = operation as [string, number];
      this.values.set(key, value);
    }
  }

  snapshot(): Iterable<unknown> {
    return this.values;
  }
}

async function opened(folder: MemoryFolder, minCompactBytes?: number) {
  const table = new Table();
  const { journal, opened: found } = await Journal.open(folder, table, minCompactBytes);
  return { table, journal, found };
}

describe('the journal', () => {
  it('gives back after a crash all that it has recorded', async () => {
    const folder = new MemoryFolder();
    const { journal } = await opened(folder);
    await journal.record(() => [
      ['a', 1],
      ['b', 2],
    ]);
    await journal.record(() => [['a', 3]]);
    folder.crash();
    const { table, found } = await opened(folder);
    expect([...table.values]).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect(found).toEqual({ lines: 2, tornBytes: 0 });
  });

  it('cuts a torn last line off, and writes on behind the last whole one', async () => {
    const folder = new MemoryFolder();
    const whole = encodeLine([['a', 1]]);
    const torn = encodeLine([['b', 2]]).subarray(0, -3);
    folder.set(Buffer.concat([whole, torn]));
    const { journal, table, found } = await opened(folder);
    expect(found).toEqual({ lines: 1, tornBytes: torn.length });
    await journal.record(() => [['c', 3]]);
    expect(folder.text()).toBe(`${whole.toString()}${encodeLine([['c', 3]]).toString()}`);
    expect(table.values.get('b')).toBeUndefined();
  });

  it('takes a last line for torn whose bytes were lost, though its line feed is there', async () => {
    const folder = new MemoryFolder();
    const lost = encodeLine([['b', 2]]);
    lost.fill(0, 3, 9);
    folder.set(Buffer.concat([encodeLine([['a', 1]]), lost]));
    const { table, found } = await opened(folder);
    expect([...table.values]).toEqual([['a', 1]]);
    expect(found.tornBytes).toBe(lost.length);
  });

  it.each([
    ['a whole line', encodeLine([['c', 3]])],
    ['a torn line', encodeLine([['c', 3]]).subarray(0, 5)],
  ])('refuses a file that is damaged before %s, and leaves it as it is', async (_, after) => {
    const folder = new MemoryFolder();
    const damaged = encodeLine([['b', 2]]);
    damaged[12] = 0x58;
    const bytes = Buffer.concat([encodeLine([['a', 1]]), damaged, after]);
    folder.set(bytes);
    await expect(opened(folder)).rejects.toMatchObject({ code: 'ERR_RELAY_LEDGER_CORRUPT' });
    expect(folder.text()).toBe(bytes.toString());
  });

  it('records nothing on a full disk, says so, and goes on when there is room', async () => {
    const folder = new MemoryFolder();
    const { journal, table } = await opened(folder);
    await journal.record(() => [['a', 1]]);
    const before = folder.text();
    folder.room = 5;
    await expect(journal.record(() => [['b', 2]])).rejects.toMatchObject({
      code: 'ERR_RELAY_LEDGER_WRITE',
      message: expect.stringContaining('the disk is full'),
      retry: 'transient',
    });
    expect(table.values.has('b')).toBe(false);
    expect(folder.text()).toBe(before);
    folder.room = Number.POSITIVE_INFINITY;
    await journal.record(() => [['c', 3]]);
    expect([...(await opened(folder)).table.values.keys()]).toEqual(['a', 'c']);
  });

  it('does not report as recorded what could not be synced', async () => {
    const folder = new MemoryFolder();
    const { journal } = await opened(folder);
    await journal.record(() => [['a', 1]]);
    // The sync of the line, and the one of cutting it off.
    folder.failingSyncs = 2;
    await expect(journal.record(() => [['b', 2]])).rejects.toMatchObject({
      code: 'ERR_RELAY_LEDGER_WRITE',
    });
    await journal.record(() => [['c', 3]]);
    folder.crash();
    expect([...(await opened(folder)).table.values.keys()]).toEqual(['a', 'c']);
  });

  it('shows each caller what the one before has recorded', async () => {
    const { journal, table } = await opened(new MemoryFolder());
    const next = () => [['a', (table.values.get('a') ?? 0) + 1]];
    await Promise.all(Array.from({ length: 20 }, () => journal.record(next)));
    expect(table.values.get('a')).toBe(20);
  });

  it('writes nothing when there is nothing to record', async () => {
    const folder = new MemoryFolder();
    const { journal } = await opened(folder);
    await journal.record(() => []);
    expect(folder.writes).toBe(0);
  });

  it('refuses to record after it was closed', async () => {
    const { journal } = await opened(new MemoryFolder());
    await journal.close();
    await expect(journal.record(() => [['a', 1]])).rejects.toMatchObject({
      code: 'ERR_RELAY_LEDGER_WRITE',
    });
  });
});

describe('writing the journal anew', () => {
  const fill = async (journal: Journal, times: number): Promise<void> => {
    for (let time = 1; time <= times; time += 1) await journal.record(() => [['a', time]]);
  };

  it('keeps the state, and the file small', async () => {
    const folder = new MemoryFolder();
    const { journal } = await opened(folder, 200);
    await fill(journal, 100);
    expect(folder.text().length).toBeLessThan(300);
    expect((await opened(folder)).table.values.get('a')).toBe(100);
    expect(folder.names()).toEqual(['ledger.jsonl']);
  });

  it('goes on in the old file when the disk has no room for a new one, and says so', async () => {
    const folder = new MemoryFolder();
    const { journal } = await opened(folder, 200);
    folder.failRename = true;
    await fill(journal, 20);
    expect(journal.compactionFailure).toBe('EROFS');
    expect((await opened(folder)).table.values.get('a')).toBe(20);
  });

  it('records nothing more until the new name is durable', async () => {
    const folder = new MemoryFolder();
    const { journal } = await opened(folder, 200);
    await fill(journal, 5);
    folder.failFolderSync = true;
    let recorded = 5;
    await expect(
      (async () => {
        for (;;) {
          await journal.record(() => [['a', recorded + 1]]);
          recorded += 1;
        }
      })()
    ).rejects.toMatchObject({ code: 'ERR_RELAY_LEDGER_WRITE' });
    folder.crash();
    expect((await opened(folder)).table.values.get('a')).toBe(recorded);
  });

  it('starts from the old file when it was killed while writing the new one', async () => {
    const folder = new MemoryFolder();
    folder.set(encodeLine([['a', 1]]));
    folder.set(encodeLine([['a', 0]]).subarray(0, 8), 'ledger.next.jsonl');
    const { table } = await opened(folder);
    expect(table.values.get('a')).toBe(1);
    expect(folder.names()).toEqual(['ledger.jsonl']);
  });
});

it('never loses what it has recorded, and never invents: crashes, full disks and failing syncs in any order', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('record'), n: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash'), n: fc.nat(80) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('full'), n: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('room'), n: fc.constant(0) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('sync'), n: fc.integer({ min: 1, max: 3 }) }),
    }
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
      const folder = new MemoryFolder();
      let { journal, table } = await opened(folder, 120);
      const recorded = new Map<string, number>();
      /** Failed: after a crash of the machine, before it was cut off, it may be there or not. */
      let open: [string, number] | undefined;
      for (const [index, { kind, n }] of steps.entries()) {
        if (kind === 'full') folder.room = n;
        if (kind === 'room') folder.room = Number.POSITIVE_INFINITY;
        if (kind === 'sync') folder.failingSyncs = n;
        if (kind === 'record') {
          const operation: [string, number] = [`k${n}`, index];
          await journal
            .record(() => [operation])
            .then(
              () => {
                recorded.set(...operation);
                open = undefined;
              },
              () => (open = operation)
            );
        }
        if (kind === 'crash') {
          folder.crash(n);
          ({ journal, table } = await opened(folder, 120));
          if (open && table.values.get(open[0]) === open[1]) recorded.set(...open);
          open = undefined;
        }
        expect(new Map(table.values)).toEqual(recorded);
      }
    }),
    { numRuns: 300 }
  );
});
