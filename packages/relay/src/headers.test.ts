import { requestHeaders, responseHeaders, storeHeaders } from './headers.ts';

const CALLER = {
  host: 'relay:8083',
  authorization: 'Basic MARKER',
  cookie: 'MARKER',
  'x-api-key': 'MARKER',
  'proxy-authorization': 'MARKER',
  connection: 'close, X-Hop, Range',
  'x-hop': 'MARKER',
  'keep-alive': 'timeout=5',
  te: 'trailers',
  trailer: 'x',
  'transfer-encoding': 'chunked',
  upgrade: 'websocket',
  expect: '100-continue',
  'x-forwarded-for': '10.0.0.1',
  accept: 'application/dicom+xml',
  'accept-encoding': 'gzip',
  range: 'bytes=0-1',
  'content-type': 'multipart/related; boundary=b',
  'user-agent': 'Orthanc',
};

describe('headers', () => {
  it('of a read: what DICOMweb uses, without what Connection names', () => {
    expect(requestHeaders(CALLER, 'new')).toEqual({
      accept: 'application/dicom+xml',
      'user-agent': 'Orthanc',
      authorization: 'Bearer new',
    });
  });

  it('of Store: one form of answer, whatever the caller asked for', () => {
    expect(storeHeaders('multipart/related; boundary=b', 'new', 'Orthanc')).toEqual({
      accept: 'application/dicom+json',
      'content-type': 'multipart/related; boundary=b',
      'user-agent': 'Orthanc',
      authorization: 'Bearer new',
    });
  });

  it('of an answer', () => {
    const answer = {
      connection: 'X-Hop',
      'x-hop': '1',
      'transfer-encoding': 'chunked',
      'keep-alive': 'timeout=5',
      'set-cookie': ['affinity=1'],
      'www-authenticate': 'Bearer',
      'alt-svc': 'h3=":443"',
      'content-type': 'application/dicom+json',
      'retry-after': '5',
      warning: '299 - "x"',
    };
    expect(responseHeaders(answer)).toEqual({
      'content-type': 'application/dicom+json',
      'retry-after': '5',
      warning: '299 - "x"',
    });
  });
});
