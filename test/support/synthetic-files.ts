import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { part10 } from '../../packages/dicomweb/testing/part10-builder.ts';

/** A generated file, and what names its instance. */
export interface SyntheticFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

/** Names that say nothing of what is in a file. */
const EXTENSIONS = ['.dcm', '', '.IMA', '.txt', '.00001'];

/** An instance of a study with as many pixels as asked for. */
export function syntheticInstance(
  index: number,
  pixelBytes: number,
  seriesCount = 4
): Omit<SyntheticFile, 'file'> {
  const studyInstanceUID = '2.25.9000';
  const seriesInstanceUID = `2.25.9000.${1 + (index % seriesCount)}`;
  const sopInstanceUID = `2.25.9000.100.${index + 1}`;
  const bytes = part10([
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
    [0x00080018, 'UI', sopInstanceUID],
    [0x00080060, 'CS', 'OT'],
    [0x00100010, 'PN', 'Test^Synthetic'],
    [0x00100020, 'LO', 'SYNTHETIC'],
    [0x0020000d, 'UI', studyInstanceUID],
    [0x0020000e, 'UI', seriesInstanceUID],
    [0x00200013, 'IS', String(index + 1)],
    [0x7fe00010, 'OB', new Uint8Array(pixelBytes).fill(index % 251)],
  ]);
  return { bytes, studyInstanceUID, seriesInstanceUID, sopInstanceUID };
}

/** Writes generated instances into a tree of folders. */
export async function writeSyntheticFiles(
  folder: string,
  count: number,
  pixelBytes: number
): Promise<SyntheticFile[]> {
  const files: SyntheticFile[] = [];
  for (let index = 0; index < count; index += 1) {
    const below = path.join(folder, `disc ${index % 3}`, `folder-${index % 7}`);
    await mkdir(below, { recursive: true });
    const file = path.join(below, `object ${index}${EXTENSIONS[index % EXTENSIONS.length]}`);
    const instance = syntheticInstance(index, pixelBytes);
    await writeFile(file, instance.bytes);
    files.push({ file, ...instance });
  }
  return files;
}
