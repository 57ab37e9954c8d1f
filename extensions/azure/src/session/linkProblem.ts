import { describeToken } from '@ohif-azure/auth';
import { openShareLinkStore } from '@ohif-azure/auth/browser';
import { hasCode } from '@ohif-azure/core';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { PageNoticeProps } from '../components/PageNotice.tsx';
import type { AzureRuntime } from '../runtime.ts';
import { expiredLinkPage, invalidLinkPage } from './signInPages.ts';

/**
 * Whether a share link's token has surely expired: clocks may be five minutes apart (`CLOCK_SKEW_MS`), and links often live for less
 * than that, so one that only seems to have expired is tried.
 */
export function isLinkExpired(
  shareToken: string,
  { audience, dialect }: ArchiveSettings,
  now = Date.now()
): boolean {
  const { permits } = describeToken(shareToken, { service: { audience, dialect }, now });
  return permits.search.code === 'expired';
}

/** Forgets this tab's link. Never fails: a page without storage has kept none. */
export async function forgetLink(): Promise<void> {
  try {
    await openShareLinkStore().forget();
  } catch {
    return;
  }
}

const REFUSALS = [
  'ERR_AUTH_SIGNIN_REQUIRED',
  'ERR_SEARCH_UNAUTHORIZED',
  'ERR_SEARCH_FORBIDDEN',
  'ERR_RETRIEVE_UNAUTHORIZED',
  'ERR_RETRIEVE_FORBIDDEN',
] as const;

/** A search for the viewer's study that failed. */
export interface FailedSearch {
  archive: ArchiveSettings;
  studyInstanceUID: string | undefined;
  error: unknown;
  /** Path of the page, to come back to. */
  returnTo: string;
}

/**
 * The page for a study that could not be searched for with a link alone.
 *
 * @returns undefined where something else than the link is the trouble, or somebody is signed in
 */
export function linkProblemPage(
  { session, accessTokens }: Pick<AzureRuntime, 'session' | 'accessTokens'>,
  { archive, studyInstanceUID, error, returnTo }: FailedSearch
): PageNoticeProps | undefined {
  if (session?.state.status === 'signed-in') return undefined;
  if (!REFUSALS.some(code => hasCode(error, code))) return undefined;
  const choice = accessTokens.choose(archive, 'search', studyInstanceUID);
  const isByLink = choice.token?.source === 'share';
  const hasExpired = choice.token
    ? (choice.description.expiresAt ?? Infinity) <= Date.now()
    : choice.none.reason === 'expired' && session?.state.status !== 'expired';
  if (!isByLink && !hasExpired) return undefined;
  const signIn = session && (() => void signInInstead(session, returnTo, hasExpired));
  return hasExpired ? expiredLinkPage(signIn) : invalidLinkPage(signIn);
}

async function signInInstead(
  session: NonNullable<AzureRuntime['session']>,
  returnTo: string,
  hasExpired: boolean
): Promise<void> {
  // One that does not say that it has ended would be preferred to the user's access token, and refused again.
  if (!hasExpired) await forgetLink();
  // Where the provider is down, the page that is loaded says so.
  await session.signInByRedirect({ returnTo }).catch(() => window.location.assign(returnTo));
}
