import type { BrowserEnvironment, Channel } from './environment.ts';

/** What tabs of one origin tell each other about a session. Tokens travel sealed only. */
export type TabNews =
  | { readonly type: 'renewed'; readonly chain: string; readonly sealed: string }
  | { readonly type: 'signed-out'; readonly client: string; readonly accountId: string };

const CHANNEL = 'ohif-azure-session';

function isNews(data: unknown): data is TabNews {
  const { type, ...rest } = (data ?? {}) as Record<string, unknown>;
  const has = (...names: readonly string[]): boolean =>
    names.every(name => typeof rest[name] === 'string');
  return type === 'renewed'
    ? has('chain', 'sealed')
    : type === 'signed-out' && has('client', 'accountId');
}

/** Opens the line between the tabs; `undefined` where the browser has none. */
export function openTabNews(
  environment: BrowserEnvironment,
  listener: (news: TabNews) => void
): (Omit<Channel, 'post'> & { post(news: TabNews): void }) | undefined {
  return environment.openChannel(CHANNEL, data => {
    if (isNews(data)) listener(data);
  });
}
