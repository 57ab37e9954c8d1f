import { describeFound, type SettingProblem } from './problem.ts';
import type { ArchiveSettings } from './archive-settings.ts';

/** Paths of the viewer itself, which a callback would take away. */
const VIEWER_PATHS = [
  '/viewer',
  '/azure',
  '/basic',
  '/segmentation',
  '/notfoundstudy',
  '/localbasic',
];

/** What can only be seen of all data sources together. */
export function checkArchives(
  root: Record<string, unknown>,
  archives: readonly ArchiveSettings[],
  problems: SettingProblem[]
): void {
  checkNames(root, archives, problems);
  checkOneSignIn(archives, problems);
  for (const { sourceName, signIn, partition } of archives) {
    // Partitions of one service have the same.
    if (partition && partition.firstSourceName !== sourceName) continue;
    checkPaths(sourceName, signIn, problems);
  }
}

function checkNames(
  root: Record<string, unknown>,
  archives: readonly ArchiveSettings[],
  problems: SettingProblem[]
) {
  const sources: unknown[] = Array.isArray(root.dataSources) ? root.dataSources : [];
  const names = sources.map(source => (source as { sourceName?: unknown } | null)?.sourceName);
  const own = archives.map(({ sourceName }) => sourceName);
  const isTwice = (all: unknown[], name: string) => all.indexOf(name) !== all.lastIndexOf(name);
  for (const { sourceName } of archives) {
    if (sourceName !== '' && (isTwice(names, sourceName) || isTwice(own, sourceName))) {
      problems.push({
        path: 'dataSources',
        found: `the sourceName ${describeFound(sourceName)} more than once`,
        expected: 'a name of its own for each data source',
      });
      break;
    }
  }
  const name = root.defaultDataSourceName;
  if (archives.length === 0 || name === undefined || [...names, ...own].includes(name)) return;
  problems.push({
    path: 'defaultDataSourceName',
    found: describeFound(name),
    expected: 'the sourceName of one of the data sources',
  });
}

/** One page holds one session: several archives may share a sign-in, but not ask for two different ones. */
function checkOneSignIn(archives: readonly ArchiveSettings[], problems: SettingProblem[]) {
  const different = new Set(
    archives.flatMap(({ signIn }) =>
      signIn ? [JSON.stringify(Object.entries(signIn).sort(([a], [b]) => (a < b ? -1 : 1)))] : []
    )
  );
  if (different.size <= 1) return;
  problems.push({
    path: 'dataSources',
    found: `${different.size} different sign-ins`,
    expected: 'the same signIn in every data source of this extension that has one',
  });
}

function checkPaths(
  sourceName: string,
  signIn: ArchiveSettings['signIn'],
  problems: SettingProblem[]
) {
  if (!signIn) return;
  const { redirectPath, signedOutPath } = signIn;
  if (redirectPath === signedOutPath) {
    problems.push({
      path: `${sourceName}: signIn.signedOutPath`,
      found: `the same path as redirectPath, ${describeFound(signedOutPath)}`,
      expected: 'another path: one begins a session, the other ends it',
    });
  }
  for (const [name, path] of Object.entries({ redirectPath, signedOutPath })) {
    if (VIEWER_PATHS.some(taken => path === taken || path.startsWith(`${taken}/`))) {
      problems.push({
        path: `${sourceName}: signIn.${name}`,
        found: describeFound(path),
        expected: 'a path that the viewer does not use itself',
      });
    }
  }
}
