import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Orthanc } from './orthanc.ts';

/** A modality: dcmtk's `storescu` with files of its own. */
export interface DicomSender {
  /** Sends files in one association. @returns whether all were acknowledged. */
  send(files: readonly string[], callingAET?: string): Promise<boolean>;
  /** Sends until all is acknowledged, as a modality does. */
  sendUntilAcknowledged(files: readonly string[], callingAET?: string): Promise<void>;
}

/** @param orthanc - to whom is sent. */
export function dicomSender(orthanc: Orthanc): DicomSender {
  const send: DicomSender['send'] = async (files, callingAET = 'MODALITY') => {
    const args = [
      '-aet',
      callingAET,
      '-aec',
      orthanc.aeTitle,
      '127.0.0.1',
      String(orthanc.dicomPort),
    ];
    // dcmtk waits 48 ms for each instance otherwise.
    const env = { ...process.env, TCP_NODELAY: '1' };
    const child = spawn('storescu', [...args, ...files], { stdio: 'ignore', env });
    return (await new Promise<number | null>(resolve => child.once('close', resolve))) === 0;
  };
  return {
    send,
    sendUntilAcknowledged: async (files, callingAET) => {
      const deadline = Date.now() + 60_000;
      while (!(await send(files, callingAET))) {
        if (Date.now() > deadline) throw new Error('Orthanc acknowledged nothing for a minute.');
        await new Promise(resolve => setTimeout(resolve, 100));
      }
    },
  };
}

/** A folder of Part 10 files. */
export interface DicomFiles {
  readonly folder: string;
  add(name: string, bytes: Uint8Array): Promise<string>;
  close(): Promise<void>;
}

export async function dicomFiles(): Promise<DicomFiles> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-files-'));
  return {
    folder,
    add: async (name, bytes) => {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, bytes);
      return file;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const UL = 4;

/** The data set of a Part 10 file: what stands behind the File Meta Information (PS3.10 7.1). */
export function dataSetOf(part10: Uint8Array): Buffer {
  const bytes = Buffer.from(part10.buffer, part10.byteOffset, part10.byteLength);
  // Preamble, DICM, then (0002,0000) with the length of the group.
  const isPart10 = bytes.toString('latin1', 128, 132) === 'DICM' && bytes.readUInt32LE(132) === 2;
  if (!isPart10) throw new Error('not a Part 10 file');
  return bytes.subarray(140 + UL + bytes.readUInt32LE(140));
}
