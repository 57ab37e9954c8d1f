import { part10, type ElementToWrite, type Syntax } from './part10-builder.ts';

/** What an image is made of. */
export interface ImageParts {
  readonly sopInstanceUID?: string;
  readonly syntax?: Syntax;
  readonly rows?: number;
  readonly columns?: number;
  readonly samples?: number;
  readonly bits?: number;
  /** NumberOfFrames as it is written; absent: none. */
  readonly frames?: string;
  /** The value of Pixel Data; absent: none. */
  readonly pixels?: Uint8Array;
  /** Other elements behind the group 0028 and before Pixel Data. */
  readonly more?: readonly ElementToWrite[];
}

function unsigned16(value: number, isBig: boolean): Uint8Array {
  const bytes = Buffer.alloc(2);
  if (isBig) bytes.writeUInt16BE(value);
  else bytes.writeUInt16LE(value);
  return bytes;
}

/** A Part 10 image. @see PS3.3 C.7.6.3 */
export function imageInstance(parts: ImageParts): Uint8Array {
  const { sopInstanceUID = '2.25.1', syntax = '1.2.840.10008.1.2.1', pixels } = parts;
  const { rows = 2, columns = 2, samples = 1, bits = 8, frames, more = [] } = parts;
  const number = (tag: number, value: number): ElementToWrite => [
    tag,
    'US',
    unsigned16(value, syntax === '1.2.840.10008.1.2.2'),
  ];
  return part10(
    [
      ...(sopInstanceUID ? [[0x00080018, 'UI', sopInstanceUID] as const] : []),
      number(0x00280002, samples),
      ...(frames === undefined ? [] : [[0x00280008, 'IS', frames] as const]),
      number(0x00280010, rows),
      number(0x00280011, columns),
      number(0x00280100, bits),
      ...more,
      ...(pixels ? [[0x7fe00010, bits > 8 ? 'OW' : 'OB', pixels] as const] : []),
    ],
    syntax
  );
}

/** A compressed image: an explicit little endian data set, and items. @see PS3.5 A.4 */
export function encapsulatedInstance(
  parts: Omit<ImageParts, 'pixels' | 'syntax'>,
  offsetTable: readonly number[],
  fragments: readonly Uint8Array[],
  transferSyntaxUID = '1.2.840.10008.1.2.4.50'
): Uint8Array {
  const header = (tag: readonly [number, number], length: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(tag[0], 0);
    bytes.writeUInt16LE(tag[1], 2);
    bytes.writeUInt32LE(length, 4);
    return bytes;
  };
  const table = Buffer.alloc(offsetTable.length * 4);
  offsetTable.forEach((offset, index) => table.writeUInt32LE(offset, index * 4));
  const dataSet = imageInstance({ ...parts, syntax: transferSyntaxUID as Syntax });
  return new Uint8Array(
    Buffer.concat([
      dataSet,
      Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]),
      ...[table, ...fragments].flatMap(value => [header([0xfffe, 0xe000], value.length), value]),
      header([0xfffe, 0xe0dd], 0),
    ])
  );
}
