import { encapsulatedDocument, isPart10, readIdentity } from './part10.ts';
import { part10, writeElements } from '../testing/part10-builder.ts';
import type { ElementToWrite, Syntax } from '../testing/part10-builder.ts';

const DATA_SET: readonly ElementToWrite[] = [
  [0x00080005, 'CS', 'ISO_IR 192'],
  [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.104.1'],
  [0x00080018, 'UI', '2.25.3'],
  // A sequence of undefined length with a sequence inside, whose elements must not be taken for the outer ones.
  [
    0x00081140,
    'SQ',
    [
      [
        [0x00080018, 'UI', '9.9'],
        [0x00081199, 'SQ', [[[0x0020000d, 'UI', '9.9']]]],
      ],
      [],
    ],
  ],
  [0x00100020, 'LO', 'SYNTHETIC '],
  [0x0020000d, 'UI', '2.25.1'],
  [0x0020000e, 'UI', '2.25.2'],
  [0x00420011, 'OB', Uint8Array.of(37, 80, 68, 70, 33)],
  [0x00420012, 'LO', 'application/pdf'],
];

const SYNTAXES: readonly Syntax[] = [
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.2',
];

describe('readIdentity', () => {
  it.each(SYNTAXES)('reads Transfer Syntax %s (PS3.5 A.1 to A.3)', syntax => {
    expect(readIdentity(part10(DATA_SET, syntax))).toEqual({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
      sopInstanceUID: '2.25.3',
      studyInstanceUID: '2.25.1',
      seriesInstanceUID: '2.25.2',
      transferSyntaxUID: syntax,
      patientID: 'SYNTHETIC',
    });
  });

  it('takes a compressed Transfer Syntax for Explicit VR Little Endian (PS3.5 A.4)', () => {
    const instance = part10(DATA_SET);
    const end = Buffer.from(instance).indexOf('1.2.840.10008.1.2.1\0');
    const compressed = Buffer.concat([
      instance.subarray(0, end - 2),
      Buffer.from([24, 0]),
      Buffer.from('1.2.840.10008.1.2.4.100\0'),
      instance.subarray(end + 20),
    ]);
    expect(readIdentity(compressed)).toMatchObject({
      transferSyntaxUID: '1.2.840.10008.1.2.4.100',
      studyInstanceUID: '2.25.1',
    });
  });

  it('knows of a deflated data set what the File Meta Information says (PS3.5 A.5)', () => {
    const instance = Buffer.concat([
      Buffer.alloc(128),
      Buffer.from('DICM'),
      writeElements(
        [
          [0x00020002, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
          [0x00020003, 'UI', '2.25.3'],
          [0x00020010, 'UI', '1.2.840.10008.1.2.1.99'],
        ],
        '1.2.840.10008.1.2.1'
      ),
      Buffer.from('garbage'),
    ]);
    expect(readIdentity(instance)).toEqual({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.7',
      sopInstanceUID: '2.25.3',
      transferSyntaxUID: '1.2.840.10008.1.2.1.99',
    });
  });

  it('guesses the encoding where the Transfer Syntax is missing', () => {
    for (const syntax of ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2'] as const) {
      const instance = Buffer.concat([
        Buffer.alloc(128),
        Buffer.from('DICM'),
        writeElements(DATA_SET, syntax),
      ]);
      expect(readIdentity(instance)).toMatchObject({ studyInstanceUID: '2.25.1' });
    }
  });

  it('reads a view into a larger buffer', () => {
    const instance = part10(DATA_SET);
    const larger = new Uint8Array(instance.length + 7);
    larger.set(instance, 7);
    expect(readIdentity(larger.subarray(7)).seriesInstanceUID).toBe('2.25.2');
  });

  it('skips an unknown value of undefined length, which is implicit inside (PS3.5 6.2.2)', () => {
    const inside = writeElements([[0x00091001, 'LO', 'x']], '1.2.840.10008.1.2');
    const unknown = Buffer.concat([
      Buffer.from([0x09, 0, 0x02, 0x10]),
      Buffer.from('UN\0\0\xff\xff\xff\xff', 'latin1'),
      Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]),
      inside,
      Buffer.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
    ]);
    const instance = Buffer.concat([
      part10(DATA_SET.slice(0, 3)),
      unknown,
      writeElements(DATA_SET.slice(4), '1.2.840.10008.1.2.1'),
    ]);
    expect(readIdentity(instance)).toMatchObject({
      sopInstanceUID: '2.25.3',
      studyInstanceUID: '2.25.1',
    });
  });

  const HOSTILE: readonly (readonly [string, Uint8Array, object])[] = [
    ['empty', new Uint8Array(0), {}],
    ['shorter than the preamble', new Uint8Array(100), {}],
    ['preamble only', part10(DATA_SET).subarray(0, 132), {}],
    ['no DICM', new Uint8Array(4096), {}],
    ['all ones', new Uint8Array(4096).fill(255), {}],
    [
      'ones after DICM',
      Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(4096, 255)]),
      {},
    ],
    [
      'a length beyond the end',
      Buffer.concat([
        part10(DATA_SET.slice(0, 3)),
        Buffer.from([0x10, 0, 0x20, 0, 0x4c, 0x4f, 0xff, 0xff, 1]),
      ]),
      { sopInstanceUID: '2.25.3' },
    ],
    [
      'a sequence without end',
      part10([...DATA_SET.slice(0, 3), [0x00081140, 'SQ', [[[0x00080018, 'UI', '9.9']]]]]).subarray(
        0,
        -8
      ),
      { sopInstanceUID: '2.25.3' },
    ],
    ['a UID that is none', part10([[0x00080018, 'UI', '../../x']]), { sopInstanceUID: undefined }],
    [
      'a UID of 66 characters',
      part10([[0x00080018, 'UI', '1'.repeat(66)]]),
      { sopInstanceUID: undefined },
    ],
    ['hostile Transfer Syntax', part10([[0x00080018, 'UI', '2.25.3']], '__proto__' as Syntax), {}],
  ];
  it.each(HOSTILE)('never throws: %s', (_what, bytes, expected) => {
    expect(readIdentity(bytes)).toMatchObject(expected);
    expect(() => encapsulatedDocument(bytes)).not.toThrow();
  });

  it('never throws: nesting without end', () => {
    const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]);
    const sequence = Buffer.concat([
      Buffer.from([0x08, 0, 0x40, 0x11]),
      Buffer.from('SQ\0\0\xff\xff\xff\xff', 'latin1'),
      item,
    ]);
    const nested = Buffer.concat(Array.from({ length: 100_000 }, () => sequence));
    expect(readIdentity(Buffer.concat([part10(DATA_SET.slice(0, 3)), nested]))).toMatchObject({
      sopInstanceUID: '2.25.3',
    });
  });

  it('never throws: every cut of a valid instance, every byte of it changed', () => {
    for (const syntax of SYNTAXES) {
      const instance = part10(DATA_SET, syntax);
      for (let length = 0; length <= instance.length; length += 1) {
        expect(() => readIdentity(instance.subarray(0, length))).not.toThrow();
      }
      for (let index = 128; index < instance.length; index += 1) {
        for (const value of [0, 0x7f, 0xff]) {
          const changed = instance.slice();
          changed[index] = value;
          expect(() => [readIdentity(changed), encapsulatedDocument(changed)]).not.toThrow();
        }
      }
    }
  });
});

describe('encapsulatedDocument', () => {
  const u32 = (value: number, syntax: Syntax): Uint8Array => {
    const buffer = Buffer.alloc(4);
    if (syntax === '1.2.840.10008.1.2.2') buffer.writeUInt32BE(value);
    else buffer.writeUInt32LE(value);
    return buffer;
  };

  it.each(SYNTAXES)('takes the padding off by (0042,0015), %s (PS3.3 C.24.2)', syntax => {
    const document = encapsulatedDocument(
      part10([...DATA_SET, [0x00420015, 'UL', u32(5, syntax)]], syntax)
    );
    expect(Buffer.from(document?.bytes ?? []).toString()).toBe('%PDF!');
    expect(document?.mimeType).toBe('application/pdf');
  });

  it('gives the whole value where the length is not told, or is wrong', () => {
    for (const more of [
      [],
      [[0x00420015, 'UL', u32(4_000_000_000, '1.2.840.10008.1.2.1')]],
    ] as const) {
      const document = encapsulatedDocument(
        part10([...DATA_SET, ...(more as readonly ElementToWrite[])])
      );
      expect(Buffer.from(document?.bytes ?? []).toString()).toBe('%PDF!\0');
    }
  });

  it('is undefined where there is none, or an empty one', () => {
    expect(encapsulatedDocument(part10(DATA_SET.slice(0, 7)))).toBeUndefined();
    expect(encapsulatedDocument(part10([[0x00420011, 'OB', new Uint8Array(0)]]))).toBeUndefined();
    expect(encapsulatedDocument(new Uint8Array(3))).toBeUndefined();
  });
});

describe('isPart10', () => {
  it('looks for DICM behind the preamble (PS3.10 7.1)', () => {
    expect(isPart10(part10(DATA_SET))).toBe(true);
    expect(isPart10(new TextEncoder().encode('DICM'))).toBe(false);
  });
});
