import { chooseAccessToken } from '@ohif-azure/auth';
import { ProjectError } from '@ohif-azure/core';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { AzureRuntime } from '../runtime.ts';
import { isLinkExpired, linkProblemPage } from './linkProblem.ts';

const STUDY = '1.2.3';
const NOW = Date.now();
const part = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, '');
const link = (endsInSeconds: number | null) => {
  const end = endsInSeconds === null ? null : new Date(NOW + endsInSeconds * 1000).toISOString();
  const claims = {
    resources: [{ dicom_uid: STUDY, level: 'study' }],
    type: 'viewer-instant-link',
    expiration_date: end,
  };
  return `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`;
};
const archive = { dialect: 'standard' } as ArchiveSettings;

class Failure extends ProjectError {
  override readonly retry = 'permanent';
  override readonly code: ProjectError['code'];
  constructor(code: ProjectError['code']) {
    super('');
    this.code = code;
  }
}

// prettier-ignore
it.each([
  ['orthanc.md 5.1: never ends', null, false],
  ['ends in a minute', 60, false],
  ['CLOCK_SKEW_MS: ended four minutes ago, perhaps', -240, false],
  ['CLOCK_SKEW_MS: ended five minutes ago, surely', -300, true],
] as const)('isLinkExpired: %s', (_cite, endsInSeconds, expected) => {
  expect(isLinkExpired(link(endsInSeconds), archive, NOW)).toBe(expected);
});

// prettier-ignore
const ROWS: readonly (readonly [what: string, value: string, status: string | undefined, code: ProjectError['code'], kind: string | undefined])[] = [
  ['surely expired: nothing was sent', link(-900), 'signed-out', 'ERR_AUTH_SIGNIN_REQUIRED', 'link-expired'],
  ['refused within the tolerance for clocks', link(-60), 'signed-out', 'ERR_SEARCH_UNAUTHORIZED', 'link-expired'],
  ['orthanc.md 5.3: expired is 403', link(-60), 'signed-out', 'ERR_SEARCH_FORBIDDEN', 'link-expired'],
  ['refused though valid: another server', link(900), 'signed-out', 'ERR_SEARCH_FORBIDDEN', 'link-invalid'],
  ['the archive is down', link(-60), 'signed-out', 'ERR_SEARCH_UNREACHABLE', undefined],
  ['the user is signed in', link(-60), 'signed-in', 'ERR_SEARCH_FORBIDDEN', undefined],
  ['no sign-in at all', link(-60), undefined, 'ERR_SEARCH_FORBIDDEN', 'link-expired'],
  ['no link', '', 'signed-out', 'ERR_AUTH_SIGNIN_REQUIRED', undefined],
];
it.each(ROWS)('linkProblemPage: %s', (_what, value, status, code, kind) => {
  const runtime = {
    session: status && { state: { status } },
    accessTokens: {
      choose: (_archive: unknown, operation: 'search', studyInstanceUID: string) =>
        chooseAccessToken([{ source: 'share', value }], {
          operation,
          studyInstanceUID,
          service: archive,
          now: NOW,
        }),
    },
  } as unknown as AzureRuntime;
  const error = new Failure(code);
  const failed = { archive, studyInstanceUID: STUDY, error, returnTo: '/' };
  const page = linkProblemPage(runtime, failed);
  expect(page?.kind).toBe(kind);
  if (page) expect(page.actions).toHaveLength(status ? 1 : 0);
});
