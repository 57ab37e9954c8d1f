import type { AppConfig } from '../ohif.ts';

/** Study UIDs of the viewer's address (`/viewer?StudyInstanceUIDs=1.2,1.3`); empty on the work list. */
export function studiesOfPage(location: { search: string } = window.location): string[] {
  return [...new URLSearchParams(location.search)].flatMap(([key, value]) =>
    key.toLowerCase() === 'studyinstanceuids' ? value.split(',') : []
  );
}

/**
 * The data source that the viewer's address names (`/viewer/azure?StudyInstanceUIDs=1.2`), else the default one, else
 * the first.
 */
export function sourceOfPage(
  { dataSources = [], defaultDataSourceName }: AppConfig,
  { pathname, search }: { pathname: string; search: string } = window.location
): string | undefined {
  const names = dataSources.flatMap(({ sourceName }) => sourceName ?? []);
  const asked = [...new URLSearchParams(search)].find(
    ([key]) => key.toLowerCase() === 'datasources'
  )?.[1];
  // Behind the mode, whose name may be that of a data source.
  const segments = pathname.split('/').slice(2);
  const isNamed = (name: string) => name === asked || segments.includes(encodeURIComponent(name));
  return names.find(isNamed) ?? defaultDataSourceName ?? names[0];
}

/** Whether the viewer's address is that of the work list, without filters. */
export function isPlainWorkList(
  { pathname, search }: { pathname: string; search: string } = window.location
): boolean {
  return pathname === '/' && search === '';
}
