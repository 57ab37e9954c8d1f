import { hasCode, isProjectError, ProjectError } from './errors.ts';

class ExampleError extends ProjectError {
  override readonly code = 'ERR_CONFIG_INVALID';
  override readonly retry = 'permanent';
}

describe('ProjectError', () => {
  it('keeps the cause', () => {
    const cause = new Error('behind');
    const error = new ExampleError('settings: 2 mistakes', { cause });
    expect(error.cause).toBe(cause);
    expect(error.message).toBe('settings: 2 mistakes');
    expect(error).toBeInstanceOf(Error);
  });
});

describe('hasCode', () => {
  it('knows an error of this bundle', () => {
    expect(hasCode(new ExampleError('x'), 'ERR_CONFIG_INVALID')).toBe(true);
    expect(hasCode(new ExampleError('x'), 'ERR_STORE_REFUSED')).toBe(false);
  });

  it('knows an error of another bundle, which is no instance of our class', () => {
    const foreign = Object.assign(new Error('x'), {
      code: 'ERR_STORE_REFUSED',
      retry: 'permanent',
    });
    expect(foreign).not.toBeInstanceOf(ProjectError);
    expect(hasCode(foreign, 'ERR_STORE_REFUSED')).toBe(true);
  });

  const ROWS = [
    ['a system error of Node', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
    ['an error of Node itself', Object.assign(new Error('x'), { code: 'ERR_INVALID_URL' })],
    ['a code without retry class', Object.assign(new Error('x'), { code: 'ERR_STORE_REFUSED' })],
    ['a text', 'ERR_STORE_REFUSED'],
    ['null', null],
    ['undefined', undefined],
    ['a number as code', { code: 1, retry: 'permanent', message: '' }],
  ] as const;
  it.each(ROWS)('%s is not one', (_what, value) => {
    expect(isProjectError(value)).toBe(false);
  });
});
