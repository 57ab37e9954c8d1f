/** Elements behind the pixel data, in every form in which the pixel data comes. */
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import type { BuilderElements, BuilderOptions } from '../testing/part10-builder.ts';
import { readPart10Header } from './part10-reader.ts';
import { addTrailingElements } from './trailing-elements.ts';

const TRAILING: BuilderElements = {
  FFFAFFFA: ['SQ', [{ '04000105': ['DT', '20260101'] }]],
  FFFCFFFC: ['OB', new Uint8Array(10)],
};
const FRAGMENTS = {
  transferSyntax: '1.2.840.10008.1.2.4.50',
  fragments: [new Uint8Array(), new Uint8Array(6), new Uint8Array(300)],
};

const behind = (file: Buffer) => {
  const header = readPart10Header(file, true);
  const before = header.dataSet.length;
  let most = 0;
  addTrailingElements(header, file.length, (offset, length) => {
    most = Math.max(most, length);
    return file.subarray(offset, offset + length);
  });
  return { tags: header.dataSet.slice(before).map(one => one.tag), most };
};
const built = (elements: BuilderElements, options?: BuilderOptions) =>
  buildPart10(instanceElements(elements), options);

it.each([
  ['native (PS3.5 8.1)', {}],
  ['with sequences of undefined length (PS3.5 7.5)', { undefinedLengths: true }],
  ['Implicit VR', { transferSyntax: '1.2.840.10008.1.2' }],
  ['Big Endian', { transferSyntax: '1.2.840.10008.1.2.2' }],
  ['deflated (PS3.5 A.5)', { transferSyntax: '1.2.840.10008.1.2.1.99' }],
  ['encapsulated (PS3.5 A.4)', FRAGMENTS],
  ['encapsulated, a signature of undefined length', { ...FRAGMENTS, undefinedLengths: true }],
] as [string, BuilderOptions][])('%s', (_, options) => {
  expect(behind(built(TRAILING, options)).tags).toEqual(['FFFAFFFA', 'FFFCFFFC']);
  expect(behind(built({}, options)).tags).toEqual([]);
});

it('without pixel data they are elements like others', () => {
  expect(behind(built({ ...TRAILING, '7FE00010': undefined })).tags).toEqual([]);
});

it('no more than a megabyte is read; what is cut, or no element, is left out', () => {
  const long: BuilderElements = { ...TRAILING, FFFCFFFC: ['OB', new Uint8Array(3_000_000)] };
  const { tags, most } = behind(built(long));
  expect(tags).toEqual(['FFFAFFFA']);
  expect(most).toBe(1024 * 1024);
  expect(behind(Buffer.concat([built(TRAILING), Buffer.from('garbage here')])).tags).toHaveLength(
    2
  );
  expect(behind(Buffer.concat([built({}), Buffer.from([1, 2, 3])])).tags).toEqual([]);
});

it('an element which belongs before the pixel data does not come from behind it', () => {
  const name = Buffer.concat([
    Buffer.from([0x10, 0, 0x10, 0]),
    Buffer.from('PN'),
    Buffer.from([4, 0]),
    Buffer.from('Evil'),
  ]);
  expect(behind(Buffer.concat([built({}), name])).tags).toEqual([]);
});
