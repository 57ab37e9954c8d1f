import { RetrieveError } from '@ohif-azure/dicomweb';
import {
  causeOf,
  ContentMissingError,
  explainProblem,
  explainUnsupported,
  VideoNotPlayableError,
  type Cause,
} from './explainProblem.ts';

const retrieve = (code: ConstructorParameters<typeof RetrieveError>[0]) =>
  new RetrieveError(code, 'WADO-RS GET https://archive.example/v2');

describe('causeOf', () => {
  it.each<[string, unknown, Cause]>([
    ['RetrieveError 401', retrieve('ERR_RETRIEVE_UNAUTHORIZED'), 'signed-out'],
    ['RetrieveError 403', retrieve('ERR_RETRIEVE_FORBIDDEN'), 'forbidden'],
    ['RetrieveError 404', retrieve('ERR_RETRIEVE_NOT_FOUND'), 'not-found'],
    ['RetrieveError 429, 503', retrieve('ERR_RETRIEVE_THROTTLED'), 'busy'],
    ['RetrieveError, no answer', retrieve('ERR_RETRIEVE_UNREACHABLE'), 'unreachable'],
    ['RetrieveError, any other status', retrieve('ERR_RETRIEVE_REFUSED'), 'refused'],
    ['RetrieveError, cut', retrieve('ERR_RETRIEVE_UNREADABLE'), 'damaged'],
    ['no token', { code: 'ERR_AUTH_SIGNIN_REQUIRED' }, 'signed-out'],
    [
      'wrapped as the stock loader does',
      { error: retrieve('ERR_RETRIEVE_FORBIDDEN') },
      'forbidden',
    ],
    ['as a cause', new Error('failed', { cause: retrieve('ERR_RETRIEVE_NOT_FOUND') }), 'not-found'],
    ['stock loader, XHR', { request: { status: 403 } }, 'forbidden'],
    ['stock loader, XHR without an answer', { request: { status: 0 } }, 'unreachable'],
    ['stock loader, status', { status: 500 }, 'refused'],
    ['stock loader, fetch', new TypeError('Failed to fetch'), 'unreachable'],
    [
      'stock decoder',
      new Error('No decoder for transfer syntax 1.2.840.10008.1.2.4.110'),
      'no-decoder',
    ],
    ['stock loader', new Error('The pixel data is missing'), 'no-pixels'],
    [
      'stock converter',
      new Error('The image does not have a complete color palette.'),
      'no-palette',
    ],
    ['a video', new VideoNotPlayableError(undefined), 'not-played'],
    ['no document', new ContentMissingError('none'), 'no-pixels'],
    ['text', 'broken', 'damaged'],
    ['nothing', undefined, 'damaged'],
    ['a number, as WebAssembly throws', 5_247_208, 'damaged'],
  ])('%s', (_source, error, cause) => {
    expect(causeOf(error)).toBe(cause);
  });

  it('ends with errors that wrap themselves', () => {
    const error: { error?: unknown } = {};
    error.error = error;
    expect(causeOf(error)).toBe('damaged');
  });
});

describe('explainProblem', () => {
  it('names the compression', () => {
    const error = new Error('No decoder for transfer syntax 1.2.840.10008.1.2.4.110');
    expect(explainProblem(error, 'image').body).toContain('JPEG XL');
  });

  it('names none where none is known', () => {
    expect(explainProblem(new Error('no decoder for transfer syntax'), 'image').body).toMatch(
      /^It is compressed in a way/
    );
  });

  it('says what kind of video is not played', () => {
    const error = new VideoNotPlayableError('1.2.840.10008.1.2.4.107');
    expect(explainProblem(error, 'video')).toEqual({
      cause: 'not-played',
      title: 'This video cannot be shown.',
      body: expect.stringContaining('HEVC/H.265'),
    });
  });

  it('never repeats what a server or a data set said', () => {
    const error = new RetrieveError('ERR_RETRIEVE_REFUSED', 'GET Marker^Patient', {
      serverText: 'Marker^Patient',
    });
    expect(JSON.stringify(explainProblem(error, 'image'))).not.toContain('Marker');
  });
});

it('names objects once each', () => {
  expect(explainUnsupported(['RT Plan', 'STL', 'RT Plan']).body).toContain('(RT Plan, STL)');
});
