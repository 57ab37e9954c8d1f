import { isUID, newUID, randomUUID } from './uid.ts';

describe('isUID', () => {
  const ROWS = [
    ['PS3.5 9.1: components of digits', '1.2.840.10008.1.1', true],
    ['PS3.5 9.1: the component 0 is valid', '1.0.3', true],
    ['PS3.5 9.1: 64 characters', `1.${'2'.repeat(62)}`, true],
    ['PS3.5 9.1: 65 characters', `1.${'2'.repeat(63)}`, false],
    ['PS3.5 9.1: no leading zero', '1.02.3', false],
    ['PS3.5 9.1: <org root>.<suffix>', '1', false],
    ['PS3.5 9.1: no empty component', '1..2', false],
    ['PS3.5 9.1: no empty component at the end', '1.2.', false],
    ['PS3.5 9.1: digits only', '1.2.a', false],
    ['PS3.5 9.1: padding is not part of the UID', '1.2\0', false],
    ['PS3.5 9.1: padding is not part of the UID', '1.2 ', false],
    ['PS3.5 9.1: not empty', '', false],
    ['a line break is not a digit', '1.2\n', false],
    ['not a text', 12 as unknown as string, false],
    ['not a text', undefined as unknown as string, false],
  ] as const;
  it.each(ROWS)('%s: %j -> %s', (_cite, text, expected) => {
    expect(isUID(text)).toBe(expected);
  });
});

describe('newUID', () => {
  it('writes a UUID as a decimal number (example of PS3.5 B.2)', () => {
    expect(newUID('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')).toBe(
      '2.25.329800735698586629295641978511506172918'
    );
  });

  it('keeps within 64 characters for the largest UUID', () => {
    const uid = newUID('ffffffff-ffff-ffff-ffff-ffffffffffff');
    expect(uid).toBe('2.25.340282366920938463463374607431768211455');
    expect(isUID(uid)).toBe(true);
  });

  it('gives a valid and new UID each time', () => {
    const uids = new Set(Array.from({ length: 200 }, () => newUID()));
    expect(uids.size).toBe(200);
    for (const uid of uids) expect(isUID(uid)).toBe(true);
  });

  it('refuses what is not a UUID', () => {
    expect(() => newUID('x')).toThrow(TypeError);
  });
});

describe('randomUUID', () => {
  it('is of version 4 where crypto.randomUUID is absent (RFC 9562 5.4)', () => {
    const original = crypto.randomUUID;
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    try {
      expect(randomUUID()).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
      );
    } finally {
      Object.defineProperty(crypto, 'randomUUID', { value: original, configurable: true });
    }
  });
});
