import type { Stack } from './stack.ts';

/** The link that the stack prints, and the token in it. */
export interface PrintedLink {
  link: string;
  token: string;
  withoutToken: string;
}

export function printedLink(stack: Stack): PrintedLink {
  const [link] = /http\S+[?&]token=\S+/.exec(stack.notes()) ?? [];
  if (!link) throw new Error('The stack printed no link.');
  const url = new URL(link);
  const token = url.searchParams.get('token') ?? '';
  url.searchParams.delete('token');
  return { link, token, withoutToken: url.href };
}

/**
 * The printed link as it would be with another end; its signature is then wrong, so that the archive refuses it as it does an expired one.
 *
 * @param seconds - from now on; below 0: that long ago
 */
export function linkEndingIn(stack: Stack, seconds: number): PrintedLink {
  const { token, withoutToken } = printedLink(stack);
  const [header = '', claims = '', signature = ''] = token.split('.');
  const changed = {
    ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object),
    expiration_date: new Date(Date.now() + seconds * 1000).toISOString(),
  };
  const ended = Buffer.from(JSON.stringify(changed)).toString('base64url');
  const url = new URL(withoutToken);
  url.searchParams.set('token', `${header}.${ended}.${signature}`);
  return { link: url.href, token: url.searchParams.get('token') ?? '', withoutToken };
}
