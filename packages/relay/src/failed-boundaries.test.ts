import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { FailedBoundaries, MAX_BOUNDARIES, REMEMBERED_MS } from './failed-boundaries.ts';

describe('FailedBoundaries', () => {
  let folder: string;
  let time: number;
  const clock = { now: () => time };
  const opened: FailedBoundaries[] = [];
  const open = (where: string | undefined = folder): FailedBoundaries => {
    const boundaries = new FailedBoundaries(clock, where);
    opened.push(boundaries);
    return boundaries;
  };
  beforeEach(() => {
    time = 1_700_000_000_000;
    folder = mkdtempSync(path.join(tmpdir(), 'ohif-azure-test-'));
  });
  afterEach(() => {
    for (const boundaries of opened.splice(0)) boundaries.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const file = (): string => path.join(folder, 'store-boundaries.log');

  it('orthanc 2.5: remembers the boundary of a request that failed, not of one that went well', () => {
    const boundaries = open();
    const [good, bad] = [boundaries.begin('good'), boundaries.begin('bad')];
    expect(boundaries.hasFailed('bad')).toBe(false);
    good.end(true);
    bad.end(false);
    bad.end(true);
    expect(boundaries.hasFailed('good')).toBe(false);
    expect(boundaries.hasFailed('bad')).toBe(true);
    expect(open().hasFailed('bad')).toBe(true);
    expect(open().hasFailed('good')).toBe(false);
  });

  it('takes what was under way when the relay was killed for failed', () => {
    open().begin('under way');
    expect(open().hasFailed('under way')).toBe(true);
  });

  it('knows of which everything is stored: only what went well, with instances, and until it fails', () => {
    const boundaries = open();
    boundaries.begin('empty').end(true, 0);
    boundaries.begin('stored').end(true, 3);
    boundaries.begin('failed').end(false, 3);
    const names = ['empty', 'stored', 'failed', 'never seen'];
    expect(names.filter(name => boundaries.hasStored(name))).toEqual(['stored']);
    boundaries.begin('stored').end(false, 1);
    expect(boundaries.hasStored('stored')).toBe(false);
    expect(open().hasStored('stored')).toBe(false);
  });

  it('orthanc 2.5: lets a job that was paused go on', () => {
    const boundaries = open();
    boundaries.begin('paused').end(true);
    boundaries.begin('paused').end(true);
    expect(boundaries.hasFailed('paused')).toBe(false);
    expect(open().hasFailed('paused')).toBe(false);
  });

  it('counts requests at the same time with one boundary', () => {
    const boundaries = open();
    const [first, second] = [boundaries.begin('one'), boundaries.begin('one')];
    first.end(true);
    expect(open().hasFailed('one')).toBe(true); // as after kill -9: the second was under way
    second.end(true);
    expect(boundaries.hasFailed('one')).toBe(false);
  });

  it('forgets after some days', () => {
    open().begin('old').end(false);
    time += REMEMBERED_MS - 1;
    expect(open().hasFailed('old')).toBe(true);
    const boundaries = open();
    time += 1;
    expect(boundaries.hasFailed('old')).toBe(false);
    expect(open().hasFailed('old')).toBe(false);
  });

  it('stays small', () => {
    const boundaries = open();
    for (let count = 0; count < MAX_BOUNDARIES + 5; count += 1)
      boundaries.begin(`b${count}`).end(false);
    expect(boundaries.hasFailed('b4')).toBe(false);
    expect(boundaries.hasFailed('b5')).toBe(true);
    for (let count = 0; count < 60_000; count += 1) boundaries.begin('x').end(true);
    expect(statSync(file()).size).toBeLessThan(5_000_000);
    expect(open().hasFailed(`b${MAX_BOUNDARIES}`)).toBe(true);
  }, 30_000);

  it('leaves lines out that are cut or foreign', () => {
    open().begin('bad').end(false);
    appendFileSync(file(), '! cut-in-the-mid');
    const boundaries = open();
    expect(boundaries.hasFailed('bad')).toBe(true);
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('keeps digests only', () => {
    open().begin('1b9bd136-ee8a').end(false);
    expect(readFileSync(file(), 'utf8')).not.toContain('1b9bd136');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('remembers who was refused before it was known who calls, and writes nothing of it', () => {
    const boundaries = open();
    const before = readFileSync(file(), 'utf8');
    boundaries.refuseStranger('stranger');
    expect(boundaries.hasFailed('stranger')).toBe(true);
    for (let count = 0; count < 1_000; count += 1) boundaries.refuseStranger(`s${count}`);
    expect(boundaries.hasFailed('stranger')).toBe(false);
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  it('goes on in memory without a folder', () => {
    const boundaries = new FailedBoundaries(clock);
    boundaries.begin('bad').end(false);
    expect(boundaries.hasFailed('bad')).toBe(true);
  });

  it('says what keeps it from writing, and goes on in memory', () => {
    // A device that is always full.
    const boundaries = new FailedBoundaries(clock, folder);
    opened.push(boundaries);
    expect(boundaries.problem).toBeUndefined();
    expect(() => open('/dev/null/x')).toThrow();
  });
});
