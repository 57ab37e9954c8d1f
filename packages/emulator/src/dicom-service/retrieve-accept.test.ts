import { negotiate } from './retrieve-accept.ts';
import type { RetrievedResource } from './retrieve-accept.ts';

const LE = '1.2.840.10008.1.2.1';
const J2K = '1.2.840.10008.1.2.4.90';
const DICOM = 'application/dicom';
const OCTETS = 'application/octet-stream';
const related = (type: string, syntax?: string) =>
  `multipart/related; type="${type}"${syntax ? `; transfer-syntax=${syntax}` : ''}`;

/** Resource, Accept, and `multipart|single type syntax`, or 406. */
const ROWS: [RetrievedResource, string, string | 406][] = [
  ['study', related(DICOM), `multipart ${DICOM} ${LE}`],
  ['study', related(DICOM, '*'), `multipart ${DICOM} *`],
  ['study', related(DICOM, J2K), `multipart ${DICOM} ${J2K}`],
  ['series', related('*/*'), `multipart ${DICOM} *`],
  ['series', related('*/*', LE), `multipart ${DICOM} ${LE}`],
  ['study', '*/*', 406],
  ['series', '*/*', 406],
  ['study', DICOM, 406],
  ['study', related(OCTETS), 406],
  ['study', related(DICOM, '1.2.840.10008.1.2.4.100'), 406],
  ['study', 'multipart/related', 406],
  ['instance', DICOM, `single ${DICOM} ${LE}`],
  ['instance', `${DICOM}; transfer-syntax=*`, `single ${DICOM} *`],
  ['instance', `${DICOM}; transfer-syntax="${J2K}"`, `single ${DICOM} ${J2K}`],
  ['instance', related(DICOM), `multipart ${DICOM} ${LE}`],
  ['instance', '*/*', `multipart ${DICOM} *`],
  ['instance', OCTETS, 406],
  ['instance', 'image/jpeg', 406],
  ['frames', OCTETS, `single ${OCTETS} ${LE}`],
  ['frames', `${OCTETS}; transfer-syntax=*`, `single ${OCTETS} *`],
  ['frames', related(OCTETS), `multipart ${OCTETS} ${LE}`],
  ['frames', related(OCTETS, J2K), 406],
  ['frames', '*/*', `multipart ${OCTETS} *`],
  ['frames', related('image/jp2'), `multipart image/jp2 ${J2K}`],
  ['frames', related('image/jp2', '*'), 406],
  ['frames', 'image/jp2', 406],
  ['frames', related('image/jpeg'), 406],
  ['frames', related('image/jls'), 406],
  ['frames', related('image/dicom-rle'), 406],
  ['frames', DICOM, 406],
  // Unquoted, as OHIF sends it (3.1, note 2).
  [
    'frames',
    'multipart/related; type=application/octet-stream; transfer-syntax=*',
    `multipart ${OCTETS} *`,
  ],
  // The whole line decides (3.1, note 2).
  ['study', 'multipart/related; type="x/y", */*', `multipart ${DICOM} *`],
  ['study', '*/*, multipart/related; type="x/y"', 406],
  // Order of preference.
  ['instance', `${DICOM}; q=0.5, ${related(DICOM, '*')}; q=0.9`, `multipart ${DICOM} *`],
  ['instance', `${DICOM}, ${DICOM}; transfer-syntax=*`, `single ${DICOM} *`],
  ['instance', `image/png, ${DICOM}; transfer-syntax=*; q=0.1`, `single ${DICOM} *`],
  ['frames', 'garbage,,;', 406],
];

it.each(ROWS)('%s, %s: %s (reference 3.1)', (resource, accept, expected) => {
  const chosen = () => {
    const { multipart, mediaType, transferSyntax } = negotiate(resource, [accept], false);
    return `${multipart ? 'multipart' : 'single'} ${mediaType} ${transferSyntax}`;
  };
  if (expected !== 406) expect(chosen()).toBe(expected);
  else {
    expect(chosen).toThrow(
      expect.objectContaining({
        status: 406,
        message: 'The request headers are not acceptable',
      })
    );
  }
});

it('without a header nothing is acceptable', () => {
  expect(() => negotiate('instance', [], false)).toThrow();
});

it('the hosted profile takes a bare wildcard for studies (reference 3.1, note 1)', () => {
  expect(negotiate('study', ['*/*'], true)).toEqual({
    multipart: true,
    mediaType: DICOM,
    transferSyntax: '*',
  });
});
