import type * as OidcProvider from 'oidc-provider';

/** What oidc-provider prints while it is imported by a Node.js older than 22; it runs there nevertheless. */
const RUNTIME_NOTICE =
  'oidc-provider WARNING: Unsupported runtime. Use Node.js v22.x LTS, or a later LTS release.';
// eslint-disable-next-line no-control-regex -- on a terminal the library adds colour
const COLOUR = /\u001b\[[\d;]*m/g;

/**
 * Loads oidc-provider without its notice about the Node.js version, which would stand above the first line that
 * the local stack prints. That line alone is kept back; all others pass.
 */
export async function loadOidcProvider(): Promise<typeof OidcProvider> {
  const sink = globalThis.console;
  const warn = sink.warn;
  const filtered = (...args: unknown[]): void => {
    const isNotice = args.length === 1 && String(args[0]).replace(COLOUR, '') === RUNTIME_NOTICE;
    if (!isNotice) warn.apply(sink, args);
  };
  sink.warn = filtered;
  try {
    return await import('oidc-provider');
  } finally {
    if (sink.warn === filtered) sink.warn = warn;
  }
}
