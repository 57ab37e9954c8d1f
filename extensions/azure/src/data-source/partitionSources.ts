import { PARTITION_NAME, siblingArchive, type ArchiveSettings } from '@ohif-azure/core/settings';
import { partitionNames, type DicomwebClient } from '@ohif-azure/dicomweb';
import type { AppConfig } from '../ohif.ts';

/** The viewer does not wait longer than this to be told which partitions there are. */
const TIMEOUT_MS = 5000;

/** A data source for each archive that the file does not name itself: the other partitions of a service. */
export function addDataSources(appConfig: AppConfig, archives: readonly ArchiveSettings[]): void {
  const sources = appConfig.dataSources ?? [];
  for (const { sourceName, partition } of archives) {
    if (!partition || sources.some(each => each.sourceName === sourceName)) continue;
    const first = sources.find(each => each.sourceName === partition.firstSourceName);
    // In place: the viewer has this very list in hand.
    sources.push({ ...first, sourceName });
  }
}

/**
 * The archives of the partitions that are not in the settings, where they say `partitions: 'all'`: those that the service lists, and the one
 * that the address names (a link into a partition works for who may not list them).
 *
 * @param clientOf - undefined: nobody is signed in, and the service is not asked
 * @returns none for a service that does not tell
 */
export async function listedPartitions(
  archives: readonly ArchiveSettings[],
  clientOf: ((archive: ArchiveSettings) => DicomwebClient) | undefined,
  location: Pick<Location, 'pathname' | 'search'> = window.location
): Promise<ArchiveSettings[]> {
  const found = await Promise.all(
    archives.map(async archive => {
      const { partition, sourceName } = archive;
      if (!partition?.isOneOfAll || partition.firstSourceName !== sourceName) return [];
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const listed = clientOf
        ? await partitionNames(clientOf(archive), { signal }).catch(none)
        : [];
      const names = new Set([...listed, ...namedInAddress(sourceName, location)]);
      names.delete(partition.name);
      return [...names]
        .filter(name => PARTITION_NAME.test(name))
        .map(name => siblingArchive(archive, name));
    })
  );
  const taken = new Set(archives.map(({ sourceName }) => sourceName));
  return found.flat().filter(({ sourceName }) => !taken.has(sourceName));
}

const none = (): string[] => [];

/** `/?dataSources=azure~radiology`, `/azure/azure~radiology?StudyInstanceUIDs=…`; see {@link siblingArchive}. */
function namedInAddress(
  firstSourceName: string,
  { pathname, search }: Pick<Location, 'pathname' | 'search'>
): string[] {
  const inQuery = [...new URLSearchParams(search)]
    .filter(([name]) => name.toLowerCase() === 'datasources')
    .map(([, value]) => value);
  return [...inQuery, ...pathname.split('/').slice(2)]
    .map(decoded)
    .filter(name => name.startsWith(`${firstSourceName}~`))
    .map(name => name.slice(firstSourceName.length + 1).replaceAll('~', '.'));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
