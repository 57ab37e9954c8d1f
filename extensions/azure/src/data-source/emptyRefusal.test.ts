import type { AccessTokenChoice } from '@ohif-azure/auth';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { StudyRow } from '../ohif.ts';
import { unlessRefused } from './emptyRefusal.ts';

const ROWS = [{ studyInstanceUid: '1.2' } as StudyRow];
const by = (source?: 'share' | 'user') => ({
  choose: () => (source ? { token: { source } } : { none: {} }) as unknown as AccessTokenChoice,
});
const archive = (dialect: 'azure' | 'standard' = 'standard') => ({ dialect }) as ArchiveSettings;

it.each(['1.2', ['1.2']])('an empty list for the study of a link is a refusal', uid => {
  expect(() => unlessRefused([], { studyInstanceUid: uid }, archive(), by('share'))).toThrow(
    expect.objectContaining({ code: 'ERR_SEARCH_FORBIDDEN' })
  );
});

it.each([
  ['of the work list', [], {}, archive(), by('share')],
  ['for priors', [], { patientId: 'P1' }, archive(), by('share')],
  ['by the user', [], { studyInstanceUid: '1.2' }, archive(), by('user')],
  ['without a token', [], { studyInstanceUid: '1.2' }, archive(), by()],
  ['of Azure, which answers 403', [], { studyInstanceUid: '1.2' }, archive('azure'), by('share')],
  ['with rows', ROWS, { studyInstanceUid: '1.2' }, archive(), by('share')],
])('a search %s is what it is', (_which, rows, params, settings, tokens) => {
  expect(unlessRefused(rows, params, settings, tokens)).toBe(rows);
});
