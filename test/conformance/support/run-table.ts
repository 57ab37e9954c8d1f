import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDicomService } from '@ohif-azure/emulator';
import type { RunningDicomService } from '@ohif-azure/emulator';
import type { Answer } from './http.ts';
import { sceneOf } from './row.ts';
import type { Row, Scene, Table } from './row.ts';

/** Runs the rows of a table against an emulator of its own. */
export function runTable({ name, options, prepare, rows }: Table): void {
  describe(name, () => {
    let service: RunningDicomService;
    let dataDir: string;
    let prepared: Awaited<ReturnType<NonNullable<Table['prepare']>>> | undefined;
    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'conformance-'));
      prepared = await prepare?.();
      const all = { auth: 'none', ...options, ...prepared?.options } as const;
      service = await startDicomService({ ...all, port: 0, dataDir });
    });
    afterAll(async () => {
      await service.close();
      await prepared?.end();
      await rm(dataDir, { recursive: true, force: true });
    });

    it('every row has its source', () => {
      for (const row of rows) expect(row.source.trim().length).toBeGreaterThan(5);
      expect(new Set(rows.map(row => row.title)).size).toBe(rows.length);
    });

    it.each(rows.map(row => [row.title, row] as const))('%s', async (_, row) => {
      const root = options?.partitions ? '/v2/partitions/rows' : '/v2';
      await runRow(row, sceneOf(service.url, root));
    });
  });
}

/** Runs one row. */
export async function runRow(row: Row, scene: Scene): Promise<void> {
  await row.before?.(scene);
  const answer = await scene.send(await row.request(scene));
  expectAnswer(row, answer, scene);
  await row.then?.(answer, scene);
}

function expectAnswer(row: Row, answer: Answer, scene: Scene): void {
  const { status, text, headers = {} } = row;
  if (status !== answer.status) expect(`${answer.status} ${answer.text}`).toBe(String(status));
  const wanted = typeof text === 'function' ? text(scene) : text;
  if (typeof wanted === 'string') expect(answer.text).toBe(wanted);
  if (wanted instanceof RegExp) expect(answer.text).toMatch(wanted);
  for (const [header, value] of Object.entries(headers)) {
    if (value === null) expect(answer.headers[header]).toBeUndefined();
    else expect(answer.headers[header]).toMatch(value);
  }
}
