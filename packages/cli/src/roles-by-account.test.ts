import { rolesByAccount } from './roles-by-account.ts';

describe('rolesByAccount', () => {
  const roleOf = rolesByAccount(['reader@clinic.example=reader', 'o-1=owner', 'n-1=none']);

  it.each([
    [{ preferred_username: 'reader@clinic.example' }, 'reader'],
    [{ oid: 'o-1', preferred_username: 'somebody' }, 'owner'],
    [{ oid: 'n-1' }, undefined],
    [{ oid: 'unknown' }, undefined],
    [{}, undefined],
  ])('%j has %s', (claims, role) => {
    expect(roleOf(claims)).toBe(role);
  });

  it('without assignments everybody is owner', () => {
    expect(rolesByAccount(undefined)({})).toBe('owner');
  });

  it('an assignment without a role is refused by name', () => {
    expect(() => rolesByAccount(['o-1=admin'])).toThrow("not 'o-1=admin'");
  });
});
