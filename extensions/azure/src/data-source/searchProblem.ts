import { hasCode } from '@ohif-azure/core';
import { text } from '../texts/index.ts';

/** Why a search failed, in the words the work list shows; where the archive refuses it, with the archive's words. */
export function searchProblem(error: unknown): string {
  if (hasCode(error, 'ERR_AUTH_SIGNIN_REQUIRED') || hasCode(error, 'ERR_SEARCH_UNAUTHORIZED')) {
    return text('search.sign-in');
  }
  if (hasCode(error, 'ERR_SEARCH_FORBIDDEN')) return text('search.forbidden');
  if (hasCode(error, 'ERR_SEARCH_UNREACHABLE') || hasCode(error, 'ERR_DICOMWEB_TRANSPORT')) {
    return text('search.unreachable');
  }
  const { serverText } = error as { serverText?: string };
  if (hasCode(error, 'ERR_SEARCH_REFUSED') && serverText) {
    return `${text('search.failed')} (${serverText})`;
  }
  return text('search.failed');
}
