import {
  createBrowserSession,
  openShareLinkStore,
  type BrowserSession,
} from '@ohif-azure/auth/browser';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { showPage } from '../components/PageNotice.tsx';
import { never } from '../never.ts';
import { forgetLink, isLinkExpired } from './linkProblem.ts';
import { expiredLinkPage, signedOutPage, signInProblemPage } from './signInPages.ts';

export interface StartedSession {
  /** Undefined where no archive has a sign-in. */
  session: BrowserSession | undefined;
  /** The archive for which the session asks its access tokens. */
  signedInTo: ArchiveSettings | undefined;
  /** The share link's token of this tab. */
  shareToken: string | undefined;
}

/**
 * Settles once somebody is signed in, or may view without. Where the viewer must not start (signed out, provider
 * down, expired link) a page of ours is shown, and it never settles.
 *
 * @param fromAddress - a share link's token that stood in the address
 */
export async function startSession(
  archives: readonly ArchiveSettings[],
  fromAddress: string | undefined
): Promise<StartedSession> {
  const signedInTo = archives.find(({ signIn }) => signIn);
  const takesLinks = archives.some(({ shareTokens }) => shareTokens.accept);
  const { pathname, search } = window.location;
  const isSignedOut = pathname === signedInTo?.signIn?.signedOutPath;
  const shareToken = takesLinks ? await keepShareToken(fromAddress, isSignedOut) : undefined;
  const archive = signedInTo ?? archives.find(({ shareTokens }) => shareTokens.accept);
  const isExpired = shareToken && archive ? isLinkExpired(shareToken, archive) : false;
  if (!signedInTo?.signIn) {
    if (!isExpired) return { session: undefined, signedInTo: undefined, shareToken };
    await forgetLink(); // said once; without a link this tab is as any other
    showPage(expiredLinkPage(undefined));
    return never();
  }

  const { signIn: settings } = signedInTo;
  const session = createSession(signedInTo);
  const isOwnPage = isSignedOut || pathname === settings.redirectPath;
  const leave = () => redirect(session, isOwnPage ? '/' : `${pathname}${search}`);
  if (isSignedOut) {
    showPage(signedOutPage(leave));
    return never();
  }
  try {
    const { returnTo } = await session.start(new URL(window.location.href));
    // Before the router mounts, so that it begins where the user was.
    const to = returnTo ?? (isOwnPage ? '/' : undefined);
    if (to !== undefined) window.history.replaceState(null, '', to);
  } catch (error) {
    showPage(signInProblemPage(error, leave));
    return never();
  }
  const started = { session, signedInTo, shareToken };
  // An expired link is no hindrance then: it is never chosen, and drafts made with it are still its owner's.
  if (session.state.status === 'signed-in') return started;
  if (isExpired) {
    showPage(expiredLinkPage(leave));
    return never();
  }
  if (shareToken && settings.when === 'save') return started;
  await leave();
  return never();
}

/** A link's token lives as long as the tab's session: over a reload and over the way to the provider and back. */
async function keepShareToken(
  fromAddress: string | undefined,
  isSignedOut: boolean
): Promise<string | undefined> {
  try {
    const store = openShareLinkStore();
    if (isSignedOut) await store.forget();
    else if (fromAddress) await store.keep(fromAddress);
    return fromAddress ?? (await store.recall());
  } catch {
    // A page without storage or cryptography: the link works until the page is left.
    return fromAddress;
  }
}

function createSession({ signIn, audience, dialect }: ArchiveSettings): BrowserSession {
  const { origin } = window.location;
  return createBrowserSession({
    authority: signIn?.authority ?? '',
    clientId: signIn?.clientId ?? '',
    scopes: signIn?.scopes ?? [],
    redirectUri: `${origin}${signIn?.redirectPath}`,
    signedOutUri: `${origin}${signIn?.signedOutPath}`,
    service: { audience, dialect },
  });
}

async function redirect(session: BrowserSession, returnTo: string): Promise<void> {
  try {
    await session.signInByRedirect({ returnTo });
  } catch (error) {
    showPage(signInProblemPage(error, () => window.location.reload()));
  }
}
