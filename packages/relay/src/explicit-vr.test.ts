import { createHash } from 'node:crypto';
import type { VROf } from './vr-dictionary.ts';
import { loadVRDictionary } from './vr-dictionary.ts';
import { ExplicitVRTranscoder, TranscodeError } from './explicit-vr.ts';
import { InstanceIntake } from './instance-intake.ts';

const UNDEFINED = 0xffffffff;

/** An element, item or delimiter in Implicit VR Little Endian. */
function implicit(tag: number, value: Buffer | string, length?: number): Buffer {
  const bytes = Buffer.from(value);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(Math.floor(tag / 0x10000), 0);
  head.writeUInt16LE(tag % 0x10000, 2);
  head.writeUInt32LE(length ?? bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

/** An element in Explicit VR Little Endian. */
function explicit(tag: number, vr: string, value: Buffer | string, length?: number): Buffer {
  const bytes = Buffer.from(value);
  const isLong = /^(OB|OW|SQ|UN)$/.test(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(Math.floor(tag / 0x10000), 0);
  head.writeUInt16LE(tag % 0x10000, 2);
  head.write(vr, 4);
  if (isLong) head.writeUInt32LE(length ?? bytes.length, 8);
  else head.writeUInt16LE(length ?? bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

const [ITEM, ITEM_END, SEQUENCE_END] = [0xfffee000, 0xfffee00d, 0xfffee0dd];
const end = (tag: number): Buffer => implicit(tag, '');
/** A sequence as the transcoder writes it. */
const sequence = (tag: number, ...items: Buffer[]): Buffer =>
  Buffer.concat([
    explicit(tag, 'SQ', '', UNDEFINED),
    ...items.flatMap(item => [implicit(ITEM, '', UNDEFINED), item, end(ITEM_END)]),
    end(SEQUENCE_END),
  ]);

describe('ExplicitVRTranscoder', () => {
  let vrOf: VROf;
  beforeAll(async () => {
    vrOf = await loadVRDictionary();
  });

  const transcode = (bytes: Buffer, size: number): Buffer => {
    const transcoder = new ExplicitVRTranscoder(vrOf);
    const output: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      output.push(...transcoder.push(bytes.subarray(at, at + size)));
    }
    return Buffer.concat([...output, ...transcoder.end()]);
  };

  const signed = Buffer.from([1, 0]);
  const LONG = Buffer.alloc(70_000, 7);
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, input: Buffer[], output: Buffer[]])[] = [
    ['PS3.5 7.1.2: short and long heads', [implicit(0x00080060, 'CT'), implicit(0x7fe00010, 'abcd')], [explicit(0x00080060, 'CS', 'CT'), explicit(0x7fe00010, 'OW', 'abcd')]],
    ['PS3.5 7.2: group lengths go', [implicit(0x00080000, 'xxxx'), implicit(0x00080060, 'CT')], [explicit(0x00080060, 'CS', 'CT')]],
    ['PS3.5 7.8: private creator and private element', [implicit(0x00090010, 'ACME'), implicit(0x00091001, 'xy')], [explicit(0x00090010, 'LO', 'ACME'), explicit(0x00091001, 'UN', 'xy')]],
    ['PS3.5 6.2.2: unknown', [implicit(0x00080fff, 'xy')], [explicit(0x00080fff, 'UN', 'xy')]],
    ['PS3.5 6.2.2: too long for 16 bits', [implicit(0x00204000, LONG)], [explicit(0x00204000, 'UN', LONG)]],
    ['PS3.5 7.6: overlays are repeated', [implicit(0x60020010, 'ab'), implicit(0x60023000, 'ab')], [explicit(0x60020010, 'US', 'ab'), explicit(0x60023000, 'OW', 'ab')]],
    ['PS3.6 US or SS: unsigned', [implicit(0x00280106, 'ab')], [explicit(0x00280106, 'US', 'ab')]],
    ['PS3.6 US or SS: signed', [implicit(0x00280103, signed), implicit(0x00280106, 'ab')], [explicit(0x00280103, 'US', signed), explicit(0x00280106, 'SS', 'ab')]],
    ['signed in an item counts there only', [implicit(0x00081140, Buffer.concat([implicit(ITEM, implicit(0x00280103, signed))])), implicit(0x00280106, 'ab')], [sequence(0x00081140, explicit(0x00280103, 'US', signed)), explicit(0x00280106, 'US', 'ab')]],
    ['PS3.5 7.5: a sequence with lengths', [implicit(0x00081140, Buffer.concat([implicit(ITEM, implicit(0x00081155, '1.2\0')), implicit(ITEM, '')]))], [sequence(0x00081140, explicit(0x00081155, 'UI', '1.2\0'), Buffer.alloc(0))]],
    ['PS3.5 7.5: a sequence with delimiters', [implicit(0x00081140, '', UNDEFINED), implicit(ITEM, '', UNDEFINED), implicit(0x00081155, '1.2\0'), end(ITEM_END), end(SEQUENCE_END)], [sequence(0x00081140, explicit(0x00081155, 'UI', '1.2\0'))]],
    ['an empty sequence', [implicit(0x00081140, '')], [explicit(0x00081140, 'SQ', '')]],
    ['sequences in sequences, mixed', [implicit(0x00400275, Buffer.concat([implicit(ITEM, Buffer.concat([implicit(0x00081140, '', UNDEFINED), implicit(ITEM, implicit(0x00081155, '1.2\0')), end(SEQUENCE_END)]))]))], [sequence(0x00400275, sequence(0x00081140, explicit(0x00081155, 'UI', '1.2\0')))]],
    ['a private sequence of undefined length', [implicit(0x00091002, '', UNDEFINED), implicit(ITEM, implicit(0x00080060, 'CT')), end(SEQUENCE_END)], [sequence(0x00091002, explicit(0x00080060, 'CS', 'CT'))]],
    ['PS3.5 6.2.2: a private sequence with a length stays Implicit VR in UN', [implicit(0x00091002, implicit(ITEM, implicit(0x00080060, 'CT')))], [explicit(0x00091002, 'UN', implicit(ITEM, implicit(0x00080060, 'CT')))]],
    ['nothing', [], []],
  ];
  it.each(ROWS)('%s', (_cite, input, output) => {
    const bytes = Buffer.concat(input);
    for (const size of [1, 3, 7, 8, 9, 64, 65_536]) {
      expect(transcode(bytes, size).equals(Buffer.concat(output))).toBe(true);
    }
  });

  // prettier-ignore
  const CORRUPT: readonly (readonly [cite: string, input: Buffer])[] = [
    ['a value that is cut', implicit(0x00080060, 'CT', 10)],
    ['a head that is cut', Buffer.from([8, 0, 0x60])],
    ['a sequence without end', implicit(0x00081140, '', UNDEFINED)],
    ['an element that is longer than its item', implicit(0x00081140, implicit(ITEM, implicit(0x00080060, 'CT', 90), 10), 18)],
    ['an element where an item has to be', implicit(0x00081140, implicit(0x00080060, 'CT'))],
    ['an item outside of a sequence', implicit(ITEM, '')],
    ['a delimiter without beginning', end(SEQUENCE_END)],
    ['nested too deeply', Buffer.concat(Array.from({ length: 100 }, () => Buffer.concat([implicit(0x00081140, '', UNDEFINED), implicit(ITEM, '', UNDEFINED)])))],
  ];
  it.each(CORRUPT)('refuses %s', (_cite, input) => {
    expect(() => transcode(input, 65_536)).toThrow(TranscodeError);
  });

  describe('as part of an instance on its way', () => {
    const meta = (transferSyntax: string): Buffer => {
      const group = Buffer.concat([
        explicit(0x00020001, 'OB', Buffer.from([0, 1])),
        explicit(0x00020003, 'UI', '1.2.3\0'),
        explicit(0x00020010, 'UI', transferSyntax),
      ]);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(group.length);
      const start = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);
      return Buffer.concat([start, explicit(0x00020000, 'UL', length), group]);
    };
    const DATA = implicit(0x00080060, 'CT');
    const through = (intake: InstanceIntake, bytes: Buffer, size: number): Buffer => {
      const output: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        output.push(...intake.push(bytes.subarray(at, at + size)));
      }
      return Buffer.concat([...output, ...intake.end()]);
    };

    it('changes Transfer Syntax UID and group length too', () => {
      const input = Buffer.concat([meta('1.2.840.10008.1.2\0'), DATA]);
      const data = explicit(0x00080060, 'CS', 'CT');
      for (const size of [1, 100, 65_536]) {
        const intake = new InstanceIntake({ vrOf, isHashed: true });
        const output = through(intake, input, size);
        expect(output.equals(Buffer.concat([meta('1.2.840.10008.1.2.1\0'), data]))).toBe(true);
        expect(intake.record).toEqual({
          sopInstanceUID: '1.2.3',
          dataSetBytes: data.length,
          dataSetHash: createHash('sha256').update(data).digest('hex'),
        });
      }
    });

    // prettier-ignore
    const UNTOUCHED: readonly (readonly [cite: string, input: () => Buffer, record: object])[] = [
      ['Explicit VR', () => Buffer.concat([meta('1.2.840.10008.1.2.1\0'), DATA]), { sopInstanceUID: '1.2.3', dataSetBytes: DATA.length }],
      ['JPEG', () => Buffer.concat([meta('1.2.840.10008.1.2.4.50'), DATA]), { sopInstanceUID: '1.2.3', dataSetBytes: DATA.length }],
      ['no Part 10 stream', () => Buffer.alloc(500, 'x'), {}],
      ['less than a preamble', () => Buffer.from('DICM'), {}],
      ['nothing', () => Buffer.alloc(0), {}],
    ];
    it.each(UNTOUCHED)('leaves %s as it is', (_cite, input, record) => {
      for (const size of [1, 100, 65_536]) {
        const intake = new InstanceIntake({ vrOf, isHashed: false });
        expect(through(intake, input(), size).equals(input())).toBe(true);
        expect(intake.record).toMatchObject(record);
      }
    });
  });
});
