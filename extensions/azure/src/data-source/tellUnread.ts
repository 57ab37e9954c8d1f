import { hasCode } from '@ohif-azure/core';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { showPage } from '../components/PageNotice.tsx';
import type { Services } from '../ohif.ts';
import type { AzureRuntime } from '../runtime.ts';
import { studiesOfPage } from '../session/studiesOfPage.ts';
import { text } from '../texts/index.ts';
import type { Unread } from './unread.ts';
import { unreadPage } from './unreadPage.ts';

const MESSAGE_MS = 20_000;

/**
 * Says that a study cannot be read, after what heals was given its time: the stock viewer stays black. A page takes the
 * viewer's place only where it shows nothing; whoever reads another study keeps it, and the measurements.
 */
export function tellUnread(
  runtime: AzureRuntime,
  archive: ArchiveSettings,
  { displaySetService, uiNotificationService }: Services,
  { studyInstanceUID, what, error }: Unread
): void {
  const words = readProblem(error);
  const isShownNothing = displaySetService.getActiveDisplaySets().length === 0;
  if (what === 'study' && isShownNothing && studiesOfPage().includes(studyInstanceUID)) {
    const { pathname, search } = window.location;
    const returnTo = `${pathname}${search}`;
    showPage(unreadPage(runtime, { archive, studyInstanceUID, error, words, returnTo }));
    return;
  }
  uiNotificationService.show({
    title: text(`read.${what}`),
    message: words,
    type: 'error',
    duration: MESSAGE_MS,
  });
}

/** Why a study cannot be read, in plain words. */
export function readProblem(error: unknown): string {
  if (hasCode(error, 'ERR_AUTH_SIGNIN_REQUIRED') || hasCode(error, 'ERR_RETRIEVE_UNAUTHORIZED')) {
    return text('search.sign-in');
  }
  if (hasCode(error, 'ERR_RETRIEVE_FORBIDDEN')) return text('search.forbidden');
  if (hasCode(error, 'ERR_RETRIEVE_NOT_FOUND')) return text('read.gone');
  if (hasCode(error, 'ERR_RETRIEVE_UNREACHABLE')) return text('search.unreachable');
  return text('read.failed');
}
