import { hasCode } from '@ohif-azure/core';
import { formatProblem, type SettingProblem } from '@ohif-azure/core/settings';
import type { PageNoticeProps } from '../components/PageNotice.tsx';
import { text } from '../texts/index.ts';

/** Settings with mistakes: all of them, each by name. Nothing is started. */
export function settingsPage(problems: readonly SettingProblem[]): PageNoticeProps {
  return {
    kind: 'settings',
    title: text('page.settings.title'),
    paragraphs: [text('page.settings.intro')],
    problems,
    technical: problems.map(formatProblem).join('\n'),
  };
}

/** Sign-in could not begin or did not succeed: what is wrong, and a way to try again. */
export function signInProblemPage(error: unknown, retry: () => void): PageNoticeProps {
  const isProvider =
    hasCode(error, 'ERR_AUTH_PROVIDER_UNREACHABLE') ||
    hasCode(error, 'ERR_AUTH_PROVIDER_CONFIGURATION') ||
    hasCode(error, 'ERR_AUTH_INSECURE_CONTEXT');
  return {
    kind: isProvider ? 'provider' : 'sign-in-failed',
    title: text(isProvider ? 'page.provider.title' : 'page.sign-in-failed.title'),
    paragraphs: [error instanceof Error ? error.message : String(error)],
    actions: [
      { name: 'sign-in', label: text(isProvider ? 'action.retry' : 'action.sign-in'), run: retry },
    ],
  };
}

export function signedOutPage(signIn: () => void): PageNoticeProps {
  return {
    kind: 'signed-out',
    title: text('page.signed-out.title'),
    paragraphs: [text('page.signed-out.body')],
    actions: [{ name: 'sign-in', label: text('action.sign-in'), run: signIn }],
  };
}

/** @param signIn - undefined where there is nobody to sign in with */
export function expiredLinkPage(signIn: (() => void) | undefined): PageNoticeProps {
  return {
    kind: 'link-expired',
    title: text('page.link-expired.title'),
    paragraphs: [text(signIn ? 'page.link-expired.body' : 'page.link-expired.no-sign-in')],
    actions: signInAction(signIn),
  };
}

/** The archive refused a link that has not expired: altered, withdrawn, or of another archive. */
export function invalidLinkPage(signIn: (() => void) | undefined): PageNoticeProps {
  return {
    kind: 'link-invalid',
    title: text('page.link-invalid.title'),
    paragraphs: [text(signIn ? 'page.link-invalid.body' : 'page.link-expired.no-sign-in')],
    actions: signInAction(signIn),
  };
}

function signInAction(signIn: (() => void) | undefined): PageNoticeProps['actions'] {
  return signIn ? [{ name: 'sign-in', label: text('action.sign-in'), run: signIn }] : [];
}

/** Something failed that nobody foresaw: said, rather than a viewer without sign-in. */
export function startProblemPage(error: unknown, reload: () => void): PageNoticeProps {
  return {
    kind: 'start',
    title: text('page.start.title'),
    paragraphs: [
      text('page.technical', { message: error instanceof Error ? error.message : String(error) }),
    ],
    actions: [{ name: 'reload', label: text('action.reload'), run: reload }],
  };
}
