import { hasCode } from '@ohif-azure/core';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { PageNoticeProps } from '../components/PageNotice.tsx';
import type { AzureRuntime } from '../runtime.ts';
import { linkProblemPage } from '../session/linkProblem.ts';
import { text } from '../texts/index.ts';

/** A study of the address that could not be searched for, or not be read. */
export interface StudyFailure {
  archive: ArchiveSettings;
  studyInstanceUID: string | undefined;
  error: unknown;
  /** Why, in plain words. */
  words: string;
  /** Path of the page, to try again. */
  returnTo: string;
}

/** The page in place of a viewer that has nothing to show: what happened, and where to go from there. */
export function unreadPage(
  runtime: Pick<AzureRuntime, 'session' | 'accessTokens'>,
  failure: StudyFailure
): PageNoticeProps {
  const { archive, words, returnTo } = failure;
  const page = linkProblemPage(runtime, failure);
  if (page) return page;
  const status = runtime.session?.state.status ?? 'signed-in';
  return {
    kind: 'service',
    ...whatHappened(failure.error, archive.friendlyName, words),
    actions: [
      {
        name: 'reload',
        label: text('action.reload'),
        run: () => window.location.assign(returnTo),
      },
      // Whoever came by a link alone has no work list.
      ...(status === 'signed-in' ? [toWorkList(archive)] : []),
    ],
  };
}

function whatHappened(error: unknown, archive: string, words: string) {
  if (hasCode(error, 'ERR_RETRIEVE_NOT_FOUND')) {
    return { title: text('page.gone.title'), paragraphs: [words] };
  }
  if (hasCode(error, 'ERR_RETRIEVE_FORBIDDEN') || hasCode(error, 'ERR_SEARCH_FORBIDDEN')) {
    return { title: text('page.refused.title'), paragraphs: [words] };
  }
  return {
    title: text('page.service.title'),
    paragraphs: [words, text('page.service.body', { archive })],
  };
}

function toWorkList({ sourceName }: ArchiveSettings) {
  return {
    name: 'work-list',
    label: text('action.work-list'),
    run: () => window.location.assign(`/?${new URLSearchParams({ dataSources: sourceName })}`),
  };
}
