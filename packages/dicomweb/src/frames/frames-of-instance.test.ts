import { encapsulatedInstance, imageInstance } from '../../testing/image-instance.ts';
import { framesOfInstance } from './frames-of-instance.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const BIG = '1.2.840.10008.1.2.2';
const JPEG = '1.2.840.10008.1.2.4.50';
const RLE = '1.2.840.10008.1.2.5';
const [A, B, C, D] = [bytes(1, 1), bytes(2, 2, 2, 2), bytes(3, 3), bytes(4, 4, 4, 4)];
const four = bytes(1, 2, 3, 4);
const eight = bytes(1, 2, 3, 4, 5, 6, 7, 8);

/** Extended Offset Table (7FE0,0001), OV. @see PS3.3 C.7.6.3.1.8 */
function extendedOffsets(instance: Uint8Array, offsets: readonly number[]): Uint8Array {
  const table = Buffer.alloc(12 + offsets.length * 8);
  table.set([0xe0, 0x7f, 0x01, 0x00, 0x4f, 0x56, 0, 0]);
  table.writeUInt32LE(offsets.length * 8, 8);
  offsets.forEach((offset, at) => table.writeBigUInt64LE(BigInt(offset), 12 + at * 8));
  const at = Buffer.from(instance).indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  return Buffer.concat([instance.subarray(0, at), table, instance.subarray(at)]);
}

type Row = readonly [
  title: string,
  instance: Uint8Array,
  frames: readonly Uint8Array[],
  syntax: string,
];

const FOUND: readonly Row[] = [
  ['PS3.5 A.2, explicit little endian', imageInstance({ pixels: four }), [four], EXPLICIT],
  [
    'PS3.5 A.1, implicit little endian',
    imageInstance({ syntax: IMPLICIT, pixels: four }),
    [four],
    IMPLICIT,
  ],
  [
    'PS3.5 A.3, big endian: bytes as they are stored',
    imageInstance({ syntax: BIG, bits: 16, pixels: eight }),
    [eight],
    BIG,
  ],
  [
    'PS3.5 8.1.1, several frames one behind the other',
    imageInstance({ frames: '2', pixels: eight }),
    [eight.subarray(0, 4), eight.subarray(4)],
    EXPLICIT,
  ],
  [
    'PS3.5 8.1.1, the padding byte is no pixel',
    imageInstance({ rows: 1, columns: 3, pixels: four }),
    [four.subarray(0, 3)],
    EXPLICIT,
  ],
  [
    'PS3.5 8.1.1, frames of odd length have no padding between them',
    imageInstance({ rows: 1, columns: 3, frames: '2', pixels: eight.subarray(0, 6) }),
    [eight.subarray(0, 3), eight.subarray(3, 6)],
    EXPLICIT,
  ],
  [
    'PS3.3 C.7.6.3.1.1, three samples',
    imageInstance({ rows: 1, samples: 3, pixels: eight.subarray(0, 6) }),
    [eight.subarray(0, 6)],
    EXPLICIT,
  ],
  [
    'PS3.5 6.2, NumberOfFrames with spaces',
    imageInstance({ frames: ' 1 ', pixels: four }),
    [four],
    EXPLICIT,
  ],
  ['PS3.5 A.4, one fragment', encapsulatedInstance({}, [], [A]), [A], JPEG],
  [
    'PS3.5 A.4, one frame in several fragments',
    encapsulatedInstance({}, [0], [A, B, C]),
    [bytes(1, 1, 2, 2, 2, 2, 3, 3)],
    JPEG,
  ],
  [
    'PS3.5 A.4, a fragment for each frame, no offsets',
    encapsulatedInstance({ frames: '3' }, [], [A, B, C]),
    [A, B, C],
    JPEG,
  ],
  ['PS3.5 A.4.2, RLE', encapsulatedInstance({ frames: '2' }, [0, 10], [A, B], RLE), [A, B], RLE],
  [
    'PS3.5 A.4, Basic Offset Table',
    encapsulatedInstance({ frames: '2' }, [0, 22], [A, B, C, D]),
    [bytes(1, 1, 2, 2, 2, 2), bytes(3, 3, 4, 4, 4, 4)],
    JPEG,
  ],
  [
    'PS3.3 C.7.6.3.1.8, Extended Offset Table',
    extendedOffsets(encapsulatedInstance({ frames: '2' }, [], [A, B]), [0, 10]),
    [A, B],
    JPEG,
  ],
];

const NOT_FOUND: readonly (readonly [string, Uint8Array])[] = [
  ['no bytes', bytes()],
  ['not Part 10 (PS3.10 7.1)', new Uint8Array(500)],
  ['no Pixel Data', imageInstance({})],
  ['no SOPInstanceUID', imageInstance({ sopInstanceUID: '', pixels: four })],
  ['pixels of one bit (PS3.5 8.1.1)', imageInstance({ bits: 1, pixels: four })],
  ['fewer bytes than Rows and Columns say', imageInstance({ rows: 9, pixels: four })],
  ['fewer bytes than NumberOfFrames says', imageInstance({ frames: '3', pixels: eight })],
  ['no rows', imageInstance({ rows: 0, pixels: four })],
  ...['0', '-1', '1.5', 'two', '1e9', '99999999999999999999'].map(
    frames => [`NumberOfFrames ${frames}`, imageInstance({ frames, pixels: four })] as const
  ),
  ['NumberOfFrames 1e9, encapsulated', encapsulatedInstance({ frames: '1e9' }, [0], [A, B])],
  [
    'several frames, other fragments, no offsets (PS3.5 A.4)',
    encapsulatedInstance({ frames: '2' }, [], [A, B, C]),
  ],
  [
    'an offset that is none of a fragment',
    encapsulatedInstance({ frames: '2' }, [0, 11], [A, B, C]),
  ],
  [
    'offsets that do not begin at the first fragment',
    encapsulatedInstance({ frames: '2' }, [10, 22], [A, B, C]),
  ],
  ['offsets in another order', encapsulatedInstance({ frames: '2' }, [10, 0], [A, B, C])],
  ['fewer offsets than frames', encapsulatedInstance({ frames: '2' }, [0], [A, B, C])],
  ['no fragments', encapsulatedInstance({}, [], [])],
  [
    'an encapsulated syntax with native pixels',
    imageInstance({ syntax: JPEG as never, pixels: eight }),
  ],
  ['a native syntax with fragments', encapsulatedInstance({}, [], [A], EXPLICIT)],
  [
    'deflated (PS3.5 A.5)',
    imageInstance({ syntax: '1.2.840.10008.1.2.1.99' as never, pixels: four }),
  ],
];

const SOUND = [
  imageInstance({ frames: '2', pixels: eight }),
  imageInstance({ syntax: IMPLICIT, pixels: four }),
  encapsulatedInstance({ frames: '2' }, [0, 22], [A, B, C, D]),
];

describe('framesOfInstance', () => {
  it.each(FOUND)('%s', (_, instance, frames, transferSyntaxUID) => {
    const found = framesOfInstance(instance);
    expect(found?.sopInstanceUID).toBe('2.25.1');
    expect(found?.frames.map(({ bytes: frame }) => [...frame])).toEqual(
      frames.map(frame => [...frame])
    );
    for (const frame of found?.frames ?? []) {
      expect(frame.transferSyntaxUID).toBe(transferSyntaxUID);
      // Alone in its buffer.
      expect(frame.bytes.buffer.byteLength).toBe(frame.bytes.byteLength);
    }
  });

  it.each(NOT_FOUND)('undefined: %s', (_, instance) => {
    expect(framesOfInstance(instance)).toBeUndefined();
  });

  it('undefined for an instance that is cut anywhere, and no exception', () => {
    for (const instance of SOUND) {
      expect(framesOfInstance(instance)).toBeDefined();
      for (let length = 0; length < instance.length; length += 1) {
        expect(framesOfInstance(instance.subarray(0, length))).toBeUndefined();
      }
    }
  });

  it('reads an instance that does not begin at the beginning of its buffer', () => {
    const buffer = Buffer.concat([Buffer.alloc(7), imageInstance({ pixels: four })]);
    expect(framesOfInstance(buffer.subarray(7))?.frames[0]?.bytes).toEqual(four);
  });
});
