import { uidOf } from './uid.ts';

describe('uidOf', () => {
  it('gives one UID to one name', () => {
    expect(uidOf('ct/study')).toBe('2.25.107071767295408594454167744945741243165');
    expect(uidOf('ct/study')).not.toBe(uidOf('mr/study'));
  });

  it.each(['', 'a', '../../etc', '__proto__', 'é', 'x'.repeat(10_000)])(
    'is a UUID derived UID whatever the name (PS3.5 B.2): %#',
    name => {
      const uid = uidOf(name);
      expect(uid).toMatch(/^2\.25\.[1-9][0-9]{0,38}$/);
      const uuid = BigInt(uid.slice('2.25.'.length)).toString(16).padStart(32, '0');
      // RFC 9562: version 5 in the 13th digit, variant 10 in the 17th.
      expect(uuid).toMatch(/^[0-9a-f]{12}5[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    }
  );
});
