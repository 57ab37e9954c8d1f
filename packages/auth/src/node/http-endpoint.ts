/**
 * Checks an address from the settings, without repeating it: it may hold a secret.
 * @param setting - where it stands, for the message.
 * @throws TypeError when `url` is not an absolute http(s) URL, or holds a user name or a password (`fetch` takes none, and would repeat it).
 */
export function requireHttpURL(url: string, setting: string): void {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) {
    throw new TypeError(`${setting}: expected an http(s) URL`);
  }
  const { username, password } = new URL(url);
  if (username || password) {
    throw new TypeError(`${setting}: expected an http(s) URL without user name and password`);
  }
}
