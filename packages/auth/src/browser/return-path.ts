/** Names of parameters that carry a token or an answer of the provider; the viewer reads names without regard to case. */
const SECRET_PARAMETERS = new Set([
  'token',
  'access_token',
  'id_token',
  'refresh_token',
  'code',
  'state',
]);

/**
 * The path to go to after sign-in: on this origin, and without tokens in it.
 * @param path - as the caller gives it, or as it comes back; anything else than a path of this origin gives `fallback`.
 */
export function safeReturnPath(path: unknown, origin: string, fallback = '/'): string {
  if (typeof path !== 'string' || !path.startsWith('/')) return fallback;
  if (!URL.canParse(path, origin)) return fallback;
  const url = new URL(path, origin);
  if (url.origin !== origin) return fallback;
  for (const name of new Set(url.searchParams.keys())) {
    if (SECRET_PARAMETERS.has(name.toLowerCase())) url.searchParams.delete(name);
  }
  const hash = /[#&](token|access_token|id_token|code)=/i.test(url.hash) ? '' : url.hash;
  // Two slashes at the start would name another host where the path is used alone.
  return `/${url.pathname.replace(/^\/+/, '')}${url.search}${hash}`;
}
