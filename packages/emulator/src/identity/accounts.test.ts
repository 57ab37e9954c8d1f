import { accountByName, ACCOUNTS, RELAY_OID, roleOf } from './accounts.ts';

const [owner, reader, nobody] = ACCOUNTS;

describe('roleOf', () => {
  const ROWS = [
    ['design.md section 8: DICOM Data Owner', { oid: owner!.oid }, 'owner'],
    ['design.md section 8: DICOM Data Reader', { oid: reader!.oid }, 'reader'],
    ['design.md section 8: no role', { oid: nobody!.oid }, undefined],
    ['design.md section 8: the relay is Data Owner', { oid: RELAY_OID }, 'owner'],
    ['an account of another directory', { oid: 'd2719e9e-0000-4000-8000-000000000000' }, undefined],
    ['the subject is not the object id', { sub: owner!.sub }, undefined],
    ['roles are not claims (azure-dicom-service.md section 5)', { roles: ['owner'] }, undefined],
    ['hostile: no string', { oid: [owner!.oid] }, undefined],
  ] as const;

  it.each(ROWS)('%s', (_cite, claims, want) => {
    expect(roleOf(claims as Record<string, unknown>)).toBe(want);
  });
});

describe('the practice accounts', () => {
  it('have their user name as password (design.md section 8)', () => {
    expect(ACCOUNTS.map(({ username, password }) => [username, password])).toEqual([
      ['owner', 'owner'],
      ['reader', 'reader'],
      ['nobody', 'nobody'],
    ]);
  });

  it.each(['owner', ' Owner ', 'OWNER@practice.example'])('are found by %p', name => {
    expect(accountByName(name)).toBe(owner);
  });

  it('have object ids and subjects that differ', () => {
    const ids = ACCOUNTS.flatMap(({ oid, sub }) => [oid, sub]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
