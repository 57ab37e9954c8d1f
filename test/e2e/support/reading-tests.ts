import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { jest } from '@jest/globals';
import { labelOf, READING_STUDIES, studyUIDOf } from './reading-labels.ts';
import { Kitchen, type Label } from './reading-kitchen.ts';
import { readingRoom, type ArchiveKind, type ReadingRoom } from './reading-room.ts';
import { whatIsSeen } from './reading-seen.ts';
import { READING_TABLE, type Made, type ReadingRow } from './reading-table.ts';
import { newFolder } from './stack.ts';
import { recordVideo } from './reading-video.ts';

const TABLE_TIMEOUT_MS = 180_000;
/** Longer than a frame is asked for again. */
const ROW_MS = 20_000;
const PAUSE_MS = 100;
const PICTURES = path.resolve(import.meta.dirname, '../../../test-results/reading');

/** A row whose file is in the archive. */
export interface Ready extends Made {
  row: ReadingRow;
  /** What is expected on this archive. */
  shows: ReadingRow['shows'];
  label: Label;
}

/** The table, on one archive: one browser, one page, each study opened once and its series one after the other. */
export function describeReading(kind: ArchiveKind): void {
  jest.setTimeout(TABLE_TIMEOUT_MS);
  let room: ReadingRoom;
  let folder: string;
  const ready = new Map<ReadingRow, Ready>();

  beforeAll(async () => {
    folder = await newFolder();
    room = await readingRoom(kind);
    const kitchen = new Kitchen(folder, await recordVideo(room.page));
    for (const study of READING_STUDIES) {
      for (const [at, row] of rowsOf(study).entries()) {
        const made = await row.make(kitchen);
        const label = { ...labelOf(study, at), description: row.name };
        const file = await kitchen.labelled(made.file, label, made.transferSyntaxUID);
        const shows = (kind === 'orthanc' && row.onOrthanc) || row.shows;
        ready.set(row, { reference: made.file, ...made, row, shows, label });
        await room.store(file);
        if (row.fault) await room.reading.refuse(label.seriesInstanceUID, row.fault);
      }
    }
    await mkdir(PICTURES, { recursive: true });
  });
  afterAll(async () => {
    await room?.close();
    await rm(folder, { recursive: true, force: true });
  });

  describe.each(READING_STUDIES)('%s', study => {
    const rows = rowsOf(study);
    beforeAll(() => room.reading.open(studyUIDOf(study), rows.length));
    it.each(rows.map(row => [row.name, row] as const))('%s', async (name, row) => {
      const one = ready.get(row);
      if (!one) throw new Error(`${name} was not made.`);
      await room.reading.openSeries(name);
      try {
        await isSeen(room, one);
      } finally {
        await room.reading.picture(
          path.join(PICTURES, `${kind} ${name}.png`.replace(/[^\w.+-]+/g, '-'))
        );
      }
    });
  });
}

function rowsOf(study: ReadingRow['study']): ReadingRow[] {
  return READING_TABLE.filter(row => row.study === study);
}

async function isSeen({ reading }: ReadingRoom, ready: Ready): Promise<void> {
  const end = Date.now() + ROW_MS;
  for (;;) {
    const { isIt, seen } = await whatIsSeen(reading, ready);
    if (isIt) return;
    if (Date.now() > end) {
      throw new Error(`Expected ${JSON.stringify(ready.shows, regularly)}. Seen: ${seen}.`);
    }
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}

const regularly = (_key: string, value: unknown) =>
  value instanceof RegExp ? String(value) : value;
