import { isOwnForm, SESSION_IDLE_MS, Sessions } from './sessions.ts';

function make(caller?: { username?: string; password?: string; key?: string }) {
  const clock = {
    time: 0,
    slept: 0,
    now: () => clock.time,
    sleep: async (ms: number) => void (clock.slept += ms),
  };
  return { clock, sessions: new Sessions(caller, clock) };
}
const signal = new AbortController().signal;
const caller = { username: 'operator', password: 'secret' };
const cookieOf = (setCookie: string | undefined): string => (setCookie ?? '').split(';')[0] ?? '';

describe('sessions of the operator page', () => {
  it.each([
    ['the right credential', caller, 'operator', 'secret', true],
    ['a wrong password', caller, 'operator', 'Secret', false],
    ['a wrong name', caller, 'Operator', 'secret', false],
    ['nothing', caller, '', '', false],
    ['a colon in another place', caller, 'operator:secret', '', false],
    ['the key as password', { key: 'k' }, '', 'k', true],
    ['no key though there is none', { username: 'a', password: 'b' }, '', '', false],
    ['nothing where there is no credential', undefined, '', '', false],
  ])('%s', async (_, as, username, password, isIn) => {
    const { sessions, clock } = make(as);
    expect((await sessions.signIn({ username, password }, signal)) !== undefined).toBe(isIn);
    expect(clock.slept).toBe(isIn ? 0 : 1_000);
  });

  it('end after half an hour without a request', async () => {
    const { sessions, clock } = make(caller);
    const cookie = cookieOf(
      await sessions.signIn({ username: 'operator', password: 'secret' }, signal)
    );
    clock.time = SESSION_IDLE_MS;
    expect(sessions.find(`other=1; ${cookie}`)).toBeDefined();
    clock.time += SESSION_IDLE_MS + 1;
    expect(sessions.find(cookie)).toBeUndefined();
  });

  it('end when one signs out, on the server too', async () => {
    const { sessions } = make(caller);
    const cookie = cookieOf(
      await sessions.signIn({ username: 'operator', password: 'secret' }, signal)
    );
    expect(sessions.signOut(cookie)).toContain('Max-Age=0');
    expect(sessions.find(cookie)).toBeUndefined();
  });

  it('know their own forms by a key that is not the cookie', async () => {
    const { sessions } = make(caller);
    const cookie = cookieOf(
      await sessions.signIn({ username: 'operator', password: 'secret' }, signal)
    );
    const session = sessions.find(cookie);
    if (!session) throw new Error('no session');
    expect(cookie).not.toContain(session.formKey);
    expect(isOwnForm(session, session.formKey)).toBe(true);
    expect(isOwnForm(session, null)).toBe(false);
    expect(isOwnForm(session, cookie)).toBe(false);
  });

  it.each(['', 'relay_session=', 'relay_session=short', undefined])(
    'are not found by %s',
    cookie => {
      expect(make(caller).sessions.find(cookie)).toBeUndefined();
    }
  );
});
