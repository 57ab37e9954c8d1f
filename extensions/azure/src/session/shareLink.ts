/**
 * Takes a share link's token out of the address before the router, the history or any storage sees it
 * (Orthanc Explorer 2 and others open the viewer with `?token=`).
 *
 * @returns the token, if the address had one
 */
export function takeShareToken(location: Location, history: History): string | undefined {
  const url = new URL(location.href);
  const keys = [...url.searchParams.keys()].filter(each => each.toLowerCase() === 'token');
  const [key] = keys;
  if (key === undefined) return undefined;
  const value = url.searchParams.get(key) ?? undefined;
  keys.forEach(each => url.searchParams.delete(each));
  history.replaceState(history.state, '', url);
  return value || undefined;
}
