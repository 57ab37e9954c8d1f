import {
  chooseAccessToken,
  type AccessTokenCandidate,
  type AccessTokenChoice,
} from '@ohif-azure/auth';
import type { BrowserSession } from '@ohif-azure/auth/browser';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { AuthorizationSource, Operation } from '@ohif-azure/dicomweb';
import { SignInRequiredError } from './SignInRequiredError.ts';

/** The access tokens at hand on this page, and which of them goes with which request. */
export interface AccessTokens {
  /** The choice for one request, without network. */
  choose(
    archive: ArchiveSettings,
    operation: Operation,
    studyInstanceUID?: string
  ): AccessTokenChoice;
  /** Headers for the stock viewer's own requests, which ask at the moment of sending. `{}` when none fits. */
  header(
    archive: ArchiveSettings,
    operation: Operation,
    studyInstanceUID?: string
  ): Record<string, string>;
  /** For our own requests: renews first where that is needed, and once more after a 401. */
  source(archive: ArchiveSettings): AuthorizationSource;
  /** Settles when the user's token is good for the next request; never fails. */
  fresh(): Promise<void>;
}

/**
 * @param signedInTo - the archive for which the session asks its access tokens; one session has one audience
 * @param shareToken - taken out of the address bar (`?token=`), for reads of the studies it names
 * @param now - milliseconds since 1970
 */
export function createAccessTokens(
  session: BrowserSession | undefined,
  signedInTo: ArchiveSettings | undefined,
  shareToken: string | undefined,
  now: () => number = Date.now
): AccessTokens {
  /** An access token goes to the archive it is for, and a share link's to those that take such. */
  const candidates = (archive: ArchiveSettings): AccessTokenCandidate[] => {
    const isForArchive = archive.signIn && archive.audience === signedInTo?.audience;
    const user = isForArchive ? session?.accessToken() : undefined;
    const isLinkTaken = shareToken && archive.shareTokens.accept;
    return [
      ...(isLinkTaken ? [{ source: 'share' as const, value: shareToken }] : []),
      ...(user ? [{ source: 'user' as const, value: user }] : []),
    ];
  };

  const choose: AccessTokens['choose'] = (archive, operation, studyInstanceUID) =>
    chooseAccessToken(candidates(archive), {
      operation,
      studyInstanceUID,
      service: { audience: archive.audience, dialect: archive.dialect },
      now: now(),
      writeTypes: archive.shareTokens.writeTypes,
    });

  return {
    choose,
    header(archive, operation, studyInstanceUID) {
      const choice = choose(archive, operation, studyInstanceUID);
      const headers: Record<string, string> = {};
      if (choice.token) headers.Authorization = `Bearer ${choice.token.value}`;
      return headers;
    },
    source: archive => async request => {
      await session?.freshAccessToken({ renew: request.renew }).catch(() => undefined);
      const choice = choose(archive, request.operation, request.studyInstanceUID);
      if (choice.token) return `Bearer ${choice.token.value}`;
      // An archive without sign-in (a local Orthanc behind the site's own log-in) is asked without a token.
      if (!archive.signIn && choice.none.reason === 'no-token') return undefined;
      throw new SignInRequiredError(choice.none);
    },
    fresh: async () => {
      await session?.freshAccessToken().catch(() => undefined);
    },
  };
}
