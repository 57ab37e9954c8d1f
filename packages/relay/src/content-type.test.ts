import { storeBodyOf } from './content-type.ts';

const ORTHANC = '1b9bd136-ee8a-40f5-bee5-5ef62f0eba7d-1b9bd136-ee8a-40f5-bee5-5ef62f0eba7d';

describe('storeBodyOf', () => {
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, type: string, boundary: string | undefined])[] = [
    ['orthanc 2.1', `multipart/related; type="application/dicom"; boundary=${ORTHANC}`, ORTHANC],
    ['RFC 9110 5.6.6: quoted', 'Multipart/Related;boundary="a b";type=x', 'a b'],
    ['RFC 9110 5.6.6: quoted pairs', 'multipart/related; type="; boundary=z\\""; boundary="a\\b"', 'ab'],
    ['PS3.18 8.7.3: one part', 'application/dicom', undefined],
    ['azure-dicom-service 1.1: with a parameter', 'application/dicom; transfer-syntax=*', undefined],
  ];
  it.each(ROWS)('%s', (_cite, type, boundary) => {
    const expected = boundary === undefined ? { kind: 'single' } : { kind: 'multipart', boundary };
    expect(storeBodyOf({ 'content-type': type })).toEqual(expected);
  });

  // prettier-ignore
  const REFUSED: readonly (readonly [cite: string, headers: Record<string, string>])[] = [
    ['azure-dicom-service 1.1: no type', {}],
    ['azure-dicom-service 1.1: multipart/form-data', { 'content-type': 'multipart/form-data; boundary=b' }],
    ['azure-dicom-service 1.1: DICOM JSON', { 'content-type': 'application/dicom+json' }],
    ['azure-dicom-service 1.1: no boundary', { 'content-type': 'multipart/related' }],
    ['an empty boundary', { 'content-type': 'multipart/related; boundary=""' }],
    ['a boundary that is no boundary', { 'content-type': `multipart/related; boundary=${'x'.repeat(201)}` }],
    ['a boundary inside of another parameter', { 'content-type': 'multipart/related; type="; boundary=b"' }],
    ['compressed', { 'content-type': 'multipart/related; boundary=b', 'content-encoding': 'gzip' }],
  ];
  it.each(REFUSED)('refuses %s', (_cite, headers) => {
    expect(storeBodyOf(headers)).toEqual(expect.any(String));
  });
});
