import type { TokenDescription } from './describe-token.ts';
import { describeToken } from './describe-token.ts';
import type { Operation, Permission, PermissionCode } from './permission.ts';
import type { ServiceIdentity } from './service.ts';

/** An access token at hand, and where it came from. */
export interface AccessTokenCandidate {
  /** `share`: with a link (`?token=`); `user`: of the user who signed in; `static`: set by the administrator. */
  readonly source: 'share' | 'user' | 'static';
  readonly value: string;
  /**
   * Whoever holds it counts its life from when it was received, and says that it is valid now (`BrowserSession.accessToken`): the times
   * in it are not held against this machine's clock, which may be wrong by hours. Default: false.
   */
  readonly isCurrent?: boolean;
}

/** The request an access token is wanted for. */
export interface AccessTokenRequest {
  readonly operation: Operation;
  /** The study the request is about; absent: about no single study, as a search in the work list. */
  readonly studyInstanceUID?: string;
  readonly service: ServiceIdentity;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: number;
  /** Types of share tokens that may store (setting `shareTokens.writeTypes`). Default: none. */
  readonly writeTypes?: readonly string[];
}

/** Why no access token at hand will do. */
export type NoAccessTokenReason =
  | 'no-token'
  | 'expired'
  | 'read-only-link'
  | 'no-write-permission'
  | 'wrong-kind'
  | 'wrong-audience';

/** What would help: sign in, sign in again asking for more, or ask the administrator. */
export type NoAccessTokenRemedy = 'sign-in' | 'step-up' | 'ask-administrator';

/** Why nothing was chosen, for a program (`reason`, `remedy`) and for a clinician (`message`). */
export interface NoAccessToken {
  readonly reason: NoAccessTokenReason;
  /** Plain words, in English; translations go by `reason`. */
  readonly message: string;
  readonly remedy: NoAccessTokenRemedy;
}

/** The access token to send with a request, or why there is none. */
export type AccessTokenChoice<Candidate extends AccessTokenCandidate = AccessTokenCandidate> =
  | { readonly token: Candidate; readonly description: TokenDescription; readonly none?: undefined }
  | { readonly none: NoAccessToken; readonly token?: undefined };

interface Described<Candidate> {
  readonly candidate: Candidate;
  readonly description: TokenDescription;
  readonly isLink: boolean;
}

/** How well a candidate fits; a lower number is better, `undefined` is not at all. */
function rank<Candidate extends AccessTokenCandidate>(
  { candidate, description, isLink }: Described<Candidate>,
  request: AccessTokenRequest
): number | undefined {
  const { operation, studyInstanceUID, now } = request;
  const isRead = operation === 'search' || operation === 'retrieve';
  const permission = description.permits[operation];
  // Past its end, though within the tolerance for clocks: only where nothing better is at hand.
  const isPastEnd = description.expiresAt !== undefined && now >= description.expiresAt;
  const late = isPastEnd && !candidate.isCurrent ? 100 : 0;
  if (!isLink) {
    if (permission.answer === 'no') return undefined;
    const unsure = permission.answer === 'unknown' ? 2 : 0;
    return late + 10 + unsure + (candidate.source === 'user' ? 0 : 1);
  }
  if (isRead) {
    if (permission.answer === 'no') return undefined;
    if (studyInstanceUID === undefined) return late + 20;
    if (description.resources.includes(studyInstanceUID)) return late;
    // Its studies are not all known: try it rather than have none.
    const mayHoldIt = description.hasOtherResources || description.resources.length === 0;
    return mayHoldIt ? late + 20 : undefined;
  }
  const isWriteType =
    operation === 'store' &&
    description.shareType !== undefined &&
    (request.writeTypes ?? []).includes(description.shareType) &&
    permission.code === 'read-only-link'; // neither expired nor unsigned
  if (!isWriteType) return undefined;
  const { resources } = description;
  const isForStudy =
    resources.length === 0 ||
    studyInstanceUID === undefined ||
    resources.includes(studyInstanceUID);
  return isForStudy ? late + 20 : undefined;
}

const NONE: Readonly<Record<NoAccessTokenReason, Omit<NoAccessToken, 'reason'>>> = {
  'no-token': { message: 'You are not signed in. Sign in to continue.', remedy: 'sign-in' },
  expired: { message: 'Your sign-in has ended. Sign in again to continue.', remedy: 'sign-in' },
  'read-only-link': {
    message: 'You opened this study with a link that is for viewing only. Sign in to save.',
    remedy: 'sign-in',
  },
  'no-write-permission': {
    message:
      'You are signed in, but without the permission to save. Sign in again and agree to it; if that does not help, ask your administrator.',
    remedy: 'step-up',
  },
  'wrong-kind': {
    message:
      'What the sign-in gave is not an access token for the image archive. Ask your administrator to check the sign-in settings.',
    remedy: 'ask-administrator',
  },
  'wrong-audience': {
    message:
      'Your sign-in is for another service than this image archive. Ask your administrator to check the sign-in settings.',
    remedy: 'ask-administrator',
  },
};

const none = (reason: NoAccessTokenReason, change?: Partial<NoAccessToken>): NoAccessToken => ({
  reason,
  ...NONE[reason],
  ...change,
});

function explainDenied({ code }: Permission): NoAccessToken {
  const reasons: Readonly<Record<PermissionCode, NoAccessTokenReason>> = {
    permitted: 'no-token',
    'server-decides': 'no-token',
    expired: 'expired',
    'not-yet-valid': 'expired',
    'wrong-audience': 'wrong-audience',
    'wrong-kind': 'wrong-kind',
    'read-only-link': 'read-only-link',
    'no-write-scope': 'no-write-permission',
    'no-write-role': 'no-write-permission',
  };
  if (code === 'no-write-role') {
    return none('no-write-permission', {
      message:
        'Your role at the image archive lets you view, not save. Ask your administrator for the right to save.',
      remedy: 'ask-administrator',
    });
  }
  if (code === 'not-yet-valid') {
    return none('expired', {
      message:
        "Your sign-in counts as not valid yet. This computer's clock may be wrong: check it, then sign in again.",
    });
  }
  return none(reasons[code]);
}

function explainLink(link: TokenDescription, operation: Operation): NoAccessToken {
  const permission = link.permits[operation];
  if (operation === 'store' || operation === 'delete') return none('read-only-link');
  if (permission.code === 'expired' || permission.code === 'not-yet-valid') {
    return none('expired', {
      message: 'The link you opened has expired. Sign in, or ask for a new link.',
    });
  }
  if (permission.answer === 'no') return explainDenied(permission);
  return none('no-token', {
    message: 'The link you opened is for another study. Sign in to see this one.',
  });
}

function explain(
  described: readonly Described<AccessTokenCandidate>[],
  operation: Operation
): NoAccessToken {
  const own =
    described.find(({ candidate, isLink }) => !isLink && candidate.source === 'user') ??
    described.find(({ isLink }) => !isLink);
  if (own) return explainDenied(own.description.permits[operation]);
  const link = described.find(({ isLink }) => isLink);
  return link ? explainLink(link.description, operation) : none('no-token');
}

/**
 * Chooses the one access token that goes with a request. Pure.
 *
 * - Reads take the share token where the study is in it, else the user's. A search without a study takes the user's, else the share's.
 * - Store and Delete take a user's access token (or the administrator's) that may write, never one that came with a link; only Store
 *   takes a share token whose type is in `writeTypes`, where the user has none.
 * - An ID token goes with nothing.
 * @param candidates - what is at hand; empty values are left out.
 * @returns the candidate itself with its description, or the reason why none fits, in plain words, with what would help. Never throws.
 */
export function chooseAccessToken<Candidate extends AccessTokenCandidate>(
  candidates: readonly Candidate[],
  request: AccessTokenRequest
): AccessTokenChoice<Candidate> {
  const described = candidates
    .filter(({ value }) => value.trim() !== '')
    .map((candidate): Described<Candidate> => {
      const { service, now } = request;
      const { value, isCurrent } = candidate;
      const description = describeToken(value, { service, now, isCurrent });
      const isLink = candidate.source === 'share' || description.kind === 'orthanc-share';
      return { candidate, description, isLink };
    });
  let best: Described<Candidate> | undefined;
  let bestRank = Infinity;
  for (const one of described) {
    const value = rank(one, request);
    if (value !== undefined && value < bestRank) [best, bestRank] = [one, value];
  }
  if (best) return { token: best.candidate, description: best.description };
  return { none: explain(described, request.operation) };
}
