import {
  chooseAccessToken,
  type AccessTokenCandidate,
  type AccessTokenChoice,
} from '@ohif-azure/auth';
import type { BrowserSession } from '@ohif-azure/auth/browser';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { StoreError, type AuthorizationSource, type Operation } from '@ohif-azure/dicomweb';
import {
  createAskStorePermission,
  type AskStorePermission,
  type StorePermission,
} from './orthancPermissions.ts';
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
  /**
   * For our own requests: renews first where that is needed, and once more after a 401. Before a Store transaction an archive that
   * can tell is asked whether this user may store; where not, nothing is sent.
   *
   * The source throws SignInRequiredError (ERR_AUTH_SIGNIN_REQUIRED), and StoreError (ERR_STORE_FORBIDDEN) when the archive says no.
   */
  source(archive: ArchiveSettings): AuthorizationSource;
  /** Whether the archive has said that the user who is signed in may not store. False as long as it has not. Without network. */
  isViewOnly(archive: ArchiveSettings): boolean;
  /** Calls `listener` when the answer of {@link isViewOnly} may have changed. @returns what ends it */
  subscribe(listener: () => void): () => void;
  /** Settles when the user's token is good for the next request; never fails. */
  fresh(): Promise<void>;
}

/** What an administrator is told when the archive says no; the clinician's words are the state's own. */
const REFUSALS: Partial<Record<StorePermission, string>> = {
  'view-only':
    'Nothing was sent: the archive says that this account may not store (GET auth/user/profile has neither the permission "upload" nor "all").',
  anonymous:
    'Nothing was sent: the archive does not recognize this sign-in (GET auth/user/profile answers "Anonymous"). Its authorization service must know the realm that the viewer signs in to.',
};

/**
 * @param signedInTo - the archive for which the session asks its access tokens; one session has one audience
 * @param shareToken - taken out of the address bar (`?token=`), for reads of the studies it names
 * @param now - milliseconds since 1970
 */
export function createAccessTokens(
  session: BrowserSession | undefined,
  signedInTo: ArchiveSettings | undefined,
  shareToken: string | undefined,
  now: () => number = Date.now,
  askStorePermission: AskStorePermission = createAskStorePermission()
): AccessTokens {
  const listeners = new Set<() => void>();
  /** What an archive said last, by its sourceName, and of whom. */
  const said = new Map<string, { accountId: string | undefined; answer: StorePermission }>();
  const accountId = () => session?.state.account?.id;
  const isForArchive = (archive: ArchiveSettings) =>
    archive.signIn !== undefined && archive.audience === signedInTo?.audience;

  /** An access token goes to the archive it is for, and a share link's to those that take such. */
  const candidates = (archive: ArchiveSettings): AccessTokenCandidate[] => {
    const user = isForArchive(archive) ? session?.accessToken() : undefined;
    const isLinkTaken = shareToken && archive.shareTokens.accept;
    return [
      ...(isLinkTaken ? [{ source: 'share' as const, value: shareToken }] : []),
      ...(user ? [{ source: 'user' as const, value: user, isCurrent: true }] : []),
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

  const isViewOnly = ({ sourceName }: ArchiveSettings): boolean => {
    const last = said.get(sourceName);
    return last?.accountId === accountId() && REFUSALS[last?.answer ?? 'not-offered'] !== undefined;
  };

  const ask = async (archive: ArchiveSettings, accessToken: string): Promise<StorePermission> => {
    const asker = accountId();
    const answer = await askStorePermission(archive, accessToken);
    const wasViewOnly = isViewOnly(archive);
    said.set(archive.sourceName, { accountId: asker, answer });
    if (isViewOnly(archive) !== wasViewOnly) listeners.forEach(listener => listener());
    return answer;
  };

  /**
   * The user's access token, once the archive has not said that it may not store.
   *
   * A no is not the last word: access tokens tell the roles of when they were issued, and one that has ended by the archive's clock is
   * nobody's. So the access token is renewed once, and the archive asked again.
   */
  const permitted = async (archive: ArchiveSettings, accessToken: string): Promise<string> => {
    const first = await ask(archive, accessToken);
    if (!REFUSALS[first]) return accessToken;
    const renewed = await session?.freshAccessToken({ renew: true }).catch(() => undefined);
    const second = renewed && renewed !== accessToken ? await ask(archive, renewed) : first;
    const refusal = REFUSALS[second];
    if (refusal) throw new StoreError('ERR_STORE_FORBIDDEN', refusal);
    return renewed ?? accessToken;
  };

  /** Ahead of the first save, so that the page can say from the start that it is for viewing. */
  const askAhead = () => {
    const accessToken = session?.accessToken();
    if (!signedInTo || !accessToken || session?.state.status !== 'signed-in') return;
    if (choose(signedInTo, 'store').token?.value === accessToken) void ask(signedInTo, accessToken);
  };
  session?.subscribe(askAhead);
  askAhead();

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
      const { token, none } = choose(archive, request.operation, request.studyInstanceUID);
      if (token) {
        const isUsersStore = request.operation === 'store' && token.source === 'user';
        const value = isUsersStore ? await permitted(archive, token.value) : token.value;
        return `Bearer ${value}`;
      }
      // An archive without sign-in (a local Orthanc behind the site's own log-in) is asked without a token.
      if (!archive.signIn && none.reason === 'no-token') return undefined;
      throw new SignInRequiredError(none);
    },
    isViewOnly,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    fresh: async () => {
      await session?.freshAccessToken().catch(() => undefined);
    },
  };
}
