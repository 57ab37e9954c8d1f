import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { deflateRawSync } from 'node:zlib';
import { writeDataSet, writeElement, EXPLICIT_LITTLE_ENDIAN } from './data-set-writer.ts';
import type { Layout } from './data-set-writer.ts';
import { asciiValue } from './data-set.ts';
import type { DataElement, DataSet } from './data-set.ts';
import { readHeader, withFile } from './part10-file.ts';
import type { Part10Header } from './part10-reader.ts';
import { IMPLICIT_VR_LITTLE_ENDIAN } from './transfer-syntax.ts';

/** The implementation which the service writes into files that it changes. [source bulk-update.md] */
const IMPLEMENTATION_CLASS_UID = '1.3.6.1.4.1.311.129';
const IMPLEMENTATION_VERSION_NAME = 'EMULATOR';

/** An attribute's new value, as text; several values are separated by backslashes. */
export interface TextChange {
  tag: string;
  vr: string;
  text: string;
}

/**
 * Writes a copy of a Part 10 file with other values for some attributes. The pixel data and what
 * stands behind it are copied as they are.
 *
 * @param changes - elements of the data set itself; they must come before the pixel data.
 */
export async function changeElements(
  from: string,
  to: string,
  changes: readonly TextChange[]
): Promise<void> {
  const header = await withFile(from, readHeader);
  const layout: Layout = {
    implicit: header.transferSyntaxUID === IMPLICIT_VR_LITTLE_ENDIAN,
    littleEndian: header.littleEndian,
  };
  const meta = writeMeta(header.meta);
  const dataSet = writeDataSet(changed(header.dataSet, changes), layout);
  const { pixelData, inflated } = header;
  // The element begins before its value: tag, VR, two reserved bytes and a 32-bit length.
  const start = pixelData && pixelData.offset - (layout.implicit ? 8 : 12);
  if (inflated) {
    const rest = start === undefined ? Buffer.alloc(0) : Buffer.from(inflated.subarray(start));
    const bytes = Buffer.concat([meta, deflateRawSync(Buffer.concat([dataSet, rest]))]);
    await pipeline([bytes], createWriteStream(to, { flags: 'wx' }));
    return;
  }
  await pipeline(
    async function* () {
      yield Buffer.concat([meta, dataSet]);
      if (start !== undefined) yield* createReadStream(from, { start }) as AsyncIterable<Buffer>;
    },
    createWriteStream(to, { flags: 'wx' })
  );
}

function writeMeta(meta: Part10Header['meta']): Buffer {
  const elements = replaced(
    meta.filter(element => element.tag !== '00020000'),
    [
      { tag: '00020012', vr: 'UI', value: Buffer.from(IMPLEMENTATION_CLASS_UID) },
      { tag: '00020013', vr: 'SH', value: Buffer.from(IMPLEMENTATION_VERSION_NAME) },
    ]
  );
  const bytes = Buffer.concat(elements.map(one => writeElement(one, EXPLICIT_LITTLE_ENDIAN)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  const groupLength = { tag: '00020000', vr: 'UL', value: length };
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    writeElement(groupLength, EXPLICIT_LITTLE_ENDIAN),
    bytes,
  ]);
}

function changed(dataSet: DataSet, changes: readonly TextChange[]): DataSet {
  const encode = encoderOf(asciiValue(dataSet, '00080005'));
  return replaced(
    dataSet,
    changes.map(({ tag, vr, text }) => ({ tag, vr, value: encode(text) }))
  );
}

/** Puts elements in the place of those with their tags, or where they belong. */
function replaced(dataSet: DataSet, elements: readonly DataElement[]): DataSet {
  const tags = new Set(elements.map(element => element.tag));
  return [...dataSet.filter(element => !tags.has(element.tag)), ...elements].sort((a, b) =>
    a.tag < b.tag ? -1 : 1
  );
}

/** Text in the character set of the file; what it lacks becomes a question mark, as at the service. */
function encoderOf(characterSet: string): (text: string) => Buffer {
  const term = characterSet
    .split('\\')[0]
    ?.trim()
    .replace(/^ISO 2022 IR/, 'ISO_IR');
  if (term === 'ISO_IR 192') return text => Buffer.from(text, 'utf8');
  const highest = term === 'ISO_IR 100' ? 0xff : 0x7f;
  return text =>
    Buffer.from(
      [...text].map(letter => ((letter.codePointAt(0) ?? 0) > highest ? '?' : letter)).join(''),
      'latin1'
    );
}
