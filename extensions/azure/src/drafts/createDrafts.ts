import type { BrowserSession } from '@ohif-azure/auth/browser';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { openDraftDatabase } from './draftDatabase.ts';
import { openDraftLocks } from './draftLocks.ts';
import { Drafts } from './Drafts.ts';

const CHANNEL = 'ohif-azure-drafts';

/** The drafts of this browser, for who is signed in, or has the share link. */
export function createDrafts(
  archives: readonly ArchiveSettings[],
  session: BrowserSession | undefined,
  shareToken: string | undefined
): Drafts {
  const drafts = new Drafts({
    isOn: archives.some(({ report }) => report.drafts),
    open: openDraftDatabase,
    locks: openDraftLocks(),
    owners: async () => ownersOf(archives, session?.state.account?.id, shareToken),
    now: Date.now,
    channel: typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL),
  });
  // Another account has other drafts.
  let account = session?.state.account?.id;
  session?.subscribe(state => {
    if (state.account?.id === account) return;
    account = state.account?.id;
    void drafts.refresh();
  });
  return drafts;
}

/** Before sign-in a link's drafts are of who has the link; after it, of the account that signed in. */
function ownersOf(
  archives: readonly ArchiveSettings[],
  accountId: string | undefined,
  shareToken: string | undefined
): string[] {
  const owners = [
    ...(accountId ? [`account:${accountId}`] : []),
    ...(shareToken ? [`link:${shareToken}`] : []),
  ];
  // An archive without sign-in: whoever uses this browser.
  return owners.length === 0 && !archives.some(({ signIn }) => signIn) ? ['anyone'] : owners;
}
