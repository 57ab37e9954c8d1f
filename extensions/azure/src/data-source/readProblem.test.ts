import { RetrieveError } from '@ohif-azure/dicomweb';
import { text } from '../texts/index.ts';
import { readProblem } from './tellUnread.ts';

describe('why a study cannot be read', () => {
  it.each([
    ['ERR_RETRIEVE_UNAUTHORIZED', 'search.sign-in'],
    ['ERR_RETRIEVE_FORBIDDEN', 'search.forbidden'],
    ['ERR_RETRIEVE_NOT_FOUND', 'read.gone'],
    ['ERR_RETRIEVE_UNREACHABLE', 'search.unreachable'],
    ['ERR_RETRIEVE_THROTTLED', 'read.failed'],
    ['ERR_RETRIEVE_REFUSED', 'read.failed'],
    ['ERR_RETRIEVE_UNREADABLE', 'read.failed'],
  ] as const)('%s', (code, words) => {
    expect(readProblem(new RetrieveError(code, 'test'))).toBe(text(words));
  });

  it('anything else', () => {
    expect(readProblem('test')).toBe(text('read.failed'));
  });
});
