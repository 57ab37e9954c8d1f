import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Of (0002,0000), behind the preamble, the prefix and its own head. */
const GROUP_LENGTH_AT = 128 + 4 + 8;
const JPEG_2000 = '1.2.840.10008.1.2.4.90';

/** What a file is called in the study that the reading tests open. */
export interface Label {
  studyInstanceUID: string;
  seriesInstanceUID: string;
  sopInstanceUID: string;
  /** Series Description: what the study browser shows. */
  description: string;
  seriesNumber: number;
}

/** Makes files with dcmtk: each call gives the path of a new one. */
export class Kitchen {
  /** A video, MPEG-4 in a file of its own. */
  readonly video: Uint8Array;
  readonly #folder: string;
  #count = 0;

  constructor(folder: string, video: Uint8Array) {
    this.#folder = folder;
    this.video = video;
  }

  /** Writes bytes to a file. */
  async put(bytes: Uint8Array): Promise<string> {
    const file = this.#next();
    await writeFile(file, bytes);
    return file;
  }

  /** Runs one of dcmtk's converters, which take a file and make another. */
  async dcmtk(tool: string, flags: readonly string[], from: string): Promise<string> {
    const file = this.#next();
    await run(tool, [...flags, from, file]);
    return file;
  }

  /** A copy with other values of some attributes, by tag as in `(0008,0060)`. */
  async changed(from: string, values: Record<string, string>): Promise<string> {
    const file = await this.put(await readFile(from));
    const insert = Object.entries(values).flatMap(([tag, value]) => ['-i', `${tag}=${value}`]);
    await run('dcmodify', ['-nb', '-q', ...insert, file]);
    return file;
  }

  /** A copy with other identifiers; the pixel data stay as they are, and so does the Transfer Syntax unless one is given. */
  async labelled(from: string, label: Label, transferSyntaxUID?: string): Promise<string> {
    await mkdir(path.join(this.#folder, 'archive'), { recursive: true });
    const file = path.join(this.#folder, 'archive', `${label.sopInstanceUID}.dcm`);
    await writeFile(file, await readFile(from));
    const values = {
      '(0008,0018)': label.sopInstanceUID,
      '(0008,0020)': '20260301',
      '(0008,0030)': '081500',
      '(0008,103e)': label.description,
      '(0010,0010)': 'Reading^Rosa',
      '(0010,0020)': 'READING-1',
      '(0020,000d)': label.studyInstanceUID,
      '(0020,000e)': label.seriesInstanceUID,
      '(0020,0011)': String(label.seriesNumber),
    };
    const insert = Object.entries(values).flatMap(([tag, value]) => ['-i', `${tag}=${value}`]);
    await run('dcmodify', ['-nb', '-q', ...insert, file]);
    if (transferSyntaxUID) {
      // dcmtk refuses to write what it does not know, such as High-Throughput JPEG 2000.
      await writeFile(file, withTransferSyntax(await readFile(file), transferSyntaxUID));
    }
    return file;
  }

  #next(): string {
    this.#count += 1;
    return path.join(this.#folder, `file-${this.#count}.dcm`);
  }
}

/** A file with pixel data in one fragment; its Transfer Syntax UID, JPEG 2000, is replaced with the label. */
export async function encapsulated(
  kitchen: Kitchen,
  from: string,
  fragment: Uint8Array,
  attributes: Record<string, string> = {}
): Promise<string> {
  // dcmtk writes everything up to the pixel data, we the fragments behind it.
  const bare = await kitchen.dcmtk('dcmconv', ['+te'], from);
  const insert = Object.entries(attributes).flatMap(([tag, value]) => ['-i', `${tag}=${value}`]);
  await run('dcmodify', ['-nb', '-q', '-ea', '(7fe0,0010)', ...insert, bare]);
  const file = withTransferSyntax(await readFile(bare), JPEG_2000);
  return kitchen.put(Buffer.concat([file, pixelDataOf(fragment)]));
}

/** (7FE0,0010) with an empty Basic Offset Table and one fragment. @see PS3.5 A.4 */
function pixelDataOf(fragment: Uint8Array): Buffer {
  const padded = Buffer.concat([fragment, Buffer.alloc(fragment.length % 2)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  return Buffer.concat([
    Buffer.from('e07f10004f420000ffffffff', 'hex'),
    Buffer.from('feff00e000000000', 'hex'),
    Buffer.from('feff00e0', 'hex'),
    length,
    padded,
    Buffer.from('feffdde000000000', 'hex'),
  ]);
}

/** A file with another Transfer Syntax UID in its File Meta Information. */
function withTransferSyntax(file: Buffer, uid: string): Buffer {
  const at = file.indexOf(Buffer.from('020010005549', 'hex'));
  if (at < 0) throw new Error('The file has no Transfer Syntax UID.');
  const length = file.readUInt16LE(at + 6);
  const value = Buffer.from(uid.length % 2 ? `${uid}\0` : uid);
  const head = Buffer.from(file.subarray(at, at + 8));
  head.writeUInt16LE(value.length, 6);
  const result = Buffer.concat([file.subarray(0, at), head, value, file.subarray(at + 8 + length)]);
  const group = result.readUInt32LE(GROUP_LENGTH_AT);
  result.writeUInt32LE(group + value.length - length, GROUP_LENGTH_AT);
  return result;
}
