import { readPart10Header } from '../../../packages/emulator/src/part10/part10-reader.ts';
import type { Answer } from '../support/http.ts';
import type { Row, Scene, Table } from '../support/row.ts';
import { encapsulated, frameOf, framesOf, partsOf, THREE_FRAMES } from '../support/retrieved.ts';

const RESOURCE = 'RetrieveTransactionResourceTests';
const PRECEDENCE = 'RetrieveResourceHandler.cs';
const ORIGINAL = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const OCTETS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const J2K = '1.2.840.10008.1.2.4.90';
const BIG = '1.2.840.10008.1.2.2';
const MPEG2 = '1.2.840.10008.1.2.4.100';

const get = (path: string, accept?: string) => ({ path, headers: { accept } });
const frames = (s: Scene, list: string, accept = OCTETS) =>
  get(`${s.paths.instance}/frames/${list}`, accept);

const INVALID_UID =
  "DICOM Identifier is invalid. Value length should not exceed the maximum length of 64 characters. Value should contain characters in '0'-'9' and '.'. Each component must start with non-zero number.";
const INVALID_FRAMES =
  'The specified frames value is not valid. At least one frame must be present, and all requested frames must have value greater than 0.';
const NO_FRAME = 'The specified frame cannot be found.';
const MULTIPLE =
  "Accept transfer syntax '1.2.840.10008.1.2.1' is not supported when multiple instances are matched. Matching instances can be retrieved with their original transfer syntax by specifying 'transfer-syntax=*' in the Accept header.";
const UNSUPPORTED = 'The specified transcoding is not supported.';

const sameBytes = (file: (s: Scene) => Buffer) => (answer: Answer, s: Scene) => {
  expect(partsOf(answer).map(part => part.content.equals(file(s)))).toEqual([true]);
};

const INSTANCES: Row[] = [
  ...(['study', 'series', 'instance'] as const).map((level): Row => ({
    title: `${level}: the bytes as they were stored`,
    source: `${RESOURCE}, PS3.18 10.4.1.1`,
    known: 'E2E',
    standard: true,
    before: s => s.stored(s.file()),
    request: s => get(s.paths[level], ORIGINAL),
    status: 200,
    headers: { 'content-type': /^multipart\/related/ },
    then: sameBytes(s => s.file()),
  })),
  {
    title: 'a study of two instances: both',
    source: RESOURCE,
    known: 'E2E',
    standard: true,
    before: s => s.stored(s.file(), s.other()),
    request: s => get(s.paths.study, ORIGINAL),
    status: 200,
    then: answer => expect(partsOf(answer)).toHaveLength(2),
  },
  ...(['study', 'series'] as const).map((level): Row => ({
    title: `a ${level} of two instances in a named Transfer Syntax: 406`,
    source: `${RESOURCE}, RetrieveResourceService.cs`,
    known: 'E2E',
    before: s => s.stored(s.file(), s.other()),
    request: s => get(s.paths[level], 'multipart/related; type="application/dicom"'),
    status: 406,
    text: MULTIPLE,
  })),
  {
    title: 'Big Endian as Explicit VR Little Endian',
    source: 'TranscoderTests',
    known: 'unit',
    before: s => s.stored(s.file({}, { transferSyntax: BIG })),
    request: s => get(s.paths.instance, 'application/dicom'),
    status: 200,
    then: (answer, s) => {
      expect(framesOf(answer.body)).toEqual(framesOf(s.file()));
      expect(readPart10Header(answer.body, true).transferSyntaxUID).toBe('1.2.840.10008.1.2.1');
    },
  },
  {
    title: 'Explicit VR Little Endian as JPEG 2000 and back',
    source: RESOURCE,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: s => get(s.paths.instance, `application/dicom; transfer-syntax=${J2K}`),
    status: 200,
    headers: { 'content-type': `application/dicom; transfer-syntax=${J2K}` },
    then: async (answer, s) => {
      await s.send({ method: 'DELETE', path: s.paths.study });
      await s.stored(answer.body);
      const back = await s.send(get(s.paths.instance, 'application/dicom'));
      expect(framesOf(back.body)).toEqual(framesOf(s.file()));
    },
  },
  {
    title: 'MPEG2 as Explicit VR Little Endian: 406',
    source: RESOURCE,
    known: 'E2E',
    before: s => s.stored(s.file({}, encapsulated(MPEG2, [Buffer.from('video!')]))),
    request: s => get(s.paths.instance, 'application/dicom'),
    status: 406,
    text: UNSUPPORTED,
  },
  {
    title: 'MPEG2 as it is',
    source: RESOURCE,
    known: 'E2E',
    before: s => s.stored(s.file({}, encapsulated(MPEG2, [Buffer.from('video!')]))),
    request: s => get(s.paths.instance, ORIGINAL),
    status: 200,
    then: sameBytes(s => s.file({}, encapsulated(MPEG2, [Buffer.from('video!')]))),
  },
  {
    title: 'broken JPEG 2000 as Explicit VR Little Endian: 406',
    source: 'Transcoder.cs, TranscodingException',
    known: 'code',
    before: s => s.stored(s.file({}, encapsulated(J2K, [Buffer.from('no image')]))),
    request: s => get(s.paths.instance, 'application/dicom'),
    status: 406,
    text: UNSUPPORTED,
  },
  {
    title: 'without pixel data',
    source: RESOURCE,
    known: 'E2E',
    before: s => s.stored(s.file({ '7FE00010': undefined })),
    request: s => get(s.paths.instance, ORIGINAL),
    status: 200,
    then: sameBytes(s => s.file({ '7FE00010': undefined })),
  },
  {
    title: 'a UID with blanks behind it',
    source: `${RESOURCE}, padded UIDs`,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: s =>
      get(
        s.paths.instance.replace(s.study, `${s.study}%20%20`),
        'application/dicom; transfer-syntax=*'
      ),
    status: 200,
    then: (answer, s) => expect(answer.body.equals(s.file())).toBe(true),
  },
];

const FRAMES: Row[] = [
  {
    title: 'one frame',
    source: RESOURCE,
    known: 'E2E',
    standard: true,
    before: s => s.stored(s.file(THREE_FRAMES)),
    request: s => frames(s, '2'),
    status: 200,
    then: answer => expect(partsOf(answer).map(part => part.content)).toEqual([frameOf(2)]),
  },
  {
    title: 'several frames, in the order asked for',
    source: RESOURCE,
    known: 'E2E',
    standard: true,
    before: s => s.stored(s.file(THREE_FRAMES)),
    request: s => frames(s, '3,1'),
    status: 200,
    then: answer =>
      expect(partsOf(answer).map(part => part.content)).toEqual([frameOf(3), frameOf(1)]),
  },
  {
    title: 'the comma percent-encoded',
    source: 'RFC 3986 2.1; RetrieveController.cs',
    known: 'code',
    before: s => s.stored(s.file(THREE_FRAMES)),
    request: s => frames(s, '1%2C2'),
    status: 200,
    then: answer => expect(partsOf(answer)).toHaveLength(2),
  },
  {
    title: 'one frame, single part',
    source: RESOURCE,
    known: 'E2E',
    before: s => s.stored(s.file(THREE_FRAMES)),
    request: s => frames(s, '1', 'application/octet-stream'),
    status: 200,
    headers: { 'content-type': 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1' },
    then: answer => expect(answer.body).toEqual(frameOf(1)),
  },
  {
    title: 'an encapsulated frame comes as its fragment, as application/octet-stream',
    source: `${RESOURCE}, HEVC`,
    known: 'E2E',
    before: s => s.stored(s.file({}, encapsulated(MPEG2, [Buffer.from('video!')]))),
    request: s => frames(s, '1'),
    status: 200,
    then: answer =>
      expect(partsOf(answer)).toEqual([
        {
          header: `Content-Type: application/octet-stream; transfer-syntax=${MPEG2}`,
          content: Buffer.from('video!'),
        },
      ]),
  },
  {
    title: 'a frame which cannot be transcoded: 406',
    source: `${RESOURCE}, HEVC`,
    known: 'E2E',
    before: s => s.stored(s.file({}, encapsulated(MPEG2, [Buffer.from('video!')]))),
    request: s => frames(s, '1', 'application/octet-stream'),
    status: 406,
    text: UNSUPPORTED,
  },
  {
    title: 'frame 4 of 3: 404',
    source: RESOURCE,
    known: 'E2E',
    before: s => s.stored(s.file(THREE_FRAMES)),
    request: s => frames(s, '4'),
    status: 404,
    text: NO_FRAME,
  },
  {
    title: 'a frame of an instance without pixel data: 404',
    source: 'DicomFileExtensions.cs',
    known: 'code',
    before: s => s.stored(s.file({ '7FE00010': undefined })),
    request: s => frames(s, '1'),
    status: 404,
    text: NO_FRAME,
  },
  ...['0', '-1', '1,-1', '0,1'].map((list): Row => ({
    title: `frames ${list}: 400`,
    source: RESOURCE,
    known: 'E2E',
    request: s => frames(s, list),
    status: 400,
    text: INVALID_FRAMES,
  })),
  ...['abc', '1.5', '1,', '99999999999'].map((list): Row => ({
    title: `frames ${list}: 400`,
    source: 'CsvModelBinder.cs, QueryModelStateValidatorAttribute.cs',
    known: 'code',
    request: s => frames(s, list),
    status: 400,
    text: `The query parameter 'frames' is invalid. Unable to parse value '${list.split(',').at(-1)}' as Int32.`,
  })),
  {
    title: 'two frames as a single part: 400',
    source: 'RetrieveResourceService.cs',
    known: 'code',
    before: s => s.stored(s.file(THREE_FRAMES)),
    request: s => frames(s, '1,2', 'application/octet-stream'),
    status: 400,
    text: 'The accept header is supported for single frame retrieval, use multi-part accept header instead.',
  },
];

const LEVELS = [
  ['study', 'StudyInstanceUid', (s: Scene) => s.paths.study],
  ['series', 'SeriesInstanceUid', (s: Scene) => s.paths.series],
  ['instance', 'SopInstanceUid', (s: Scene) => s.paths.instance],
] as const;

const ERRORS: Row[] = [
  ...LEVELS.map(([level, , path]): Row => ({
    title: `unknown ${level}: 404`,
    source: RESOURCE,
    known: 'E2E',
    request: s => get(path(s), ORIGINAL),
    status: 404,
    text: `The specified ${level} cannot be found.`,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })),
  ...LEVELS.map(([level, name, path]): Row => ({
    title: `${level}, a UID with letters: 400, whatever Accept says`,
    source: PRECEDENCE,
    known: 'code',
    request: s => get(`${path(s)}x`, 'image/gif'),
    status: 400,
    text: `Dicom element '${name}' failed validation for VR 'UI': ${INVALID_UID}`,
  })),
  {
    title: 'Accept comes before 404',
    source: PRECEDENCE,
    known: 'code',
    request: s => get(s.paths.study, 'image/gif'),
    status: 406,
    text: 'The request headers are not acceptable',
  },
  {
    title: 'frames come before Accept',
    source: PRECEDENCE,
    known: 'code',
    request: s => frames(s, '0', 'image/gif'),
    status: 400,
    text: INVALID_FRAMES,
  },
  {
    title: 'a list which is none comes before the UID',
    source: 'QueryModelStateValidatorAttribute.cs',
    known: 'code',
    request: () => get('/v2/studies/x/series/x/instances/x/frames/a', 'image/gif'),
    status: 400,
    text: "The query parameter 'frames' is invalid. Unable to parse value 'a' as Int32.",
  },
];

/** Sections 3.1 to 3.3 and 3.6 of the reference: instances, frames, and which error comes first. */
export const RETRIEVE: Table = {
  name: 'Retrieve: instances and frames',
  rows: [...INSTANCES, ...FRAMES, ...ERRORS],
};
