import type { ArchiveSettings } from './archive-settings.ts';

/** The partition that a service with data partitions always has. Service documentation, "Data partitions". */
const DEFAULT_PARTITION = 'Microsoft.Default';

/**
 * One archive for each partition that can be chosen: each has a root, a name and a data source of its own, so that whatever is bound to an
 * archive (requests, Store, drafts, addresses) is bound to its partition.
 *
 * @param archive - of the service, with its root without partition
 * @param first - the partition that is shown first; default: the first of the list, or the service's default one
 */
export function partitionArchives(
  archive: ArchiveSettings,
  first: string | undefined,
  partitions: readonly string[] | 'all'
): ArchiveSettings[] {
  const isOneOfAll = partitions === 'all';
  const listed = isOneOfAll ? [] : partitions;
  const [shown = DEFAULT_PARTITION, ...others] = new Set([...(first ? [first] : []), ...listed]);
  const { sourceName: firstSourceName, friendlyName: serviceName } = archive;
  const shownFirst = inPartition(archive, {
    name: shown,
    serviceName,
    firstSourceName,
    isOneOfAll,
  });
  return [shownFirst, ...others.map(name => siblingArchive(shownFirst, name))];
}

/**
 * The archive of another partition of the same service. Its sourceName is a part of the viewer's paths, and servers take a path with a dot for
 * a file; `~` is in no partition's name.
 * @throws TypeError for an archive that is not one of several partitions
 */
export function siblingArchive(archive: ArchiveSettings, name: string): ArchiveSettings {
  const { partition } = archive;
  if (!partition) throw new TypeError('archive: expected one of several partitions');
  const sourceName = `${partition.firstSourceName}~${name.replaceAll('.', '~')}`;
  return inPartition({ ...archive, sourceName }, { ...partition, name });
}

function inPartition(
  archive: ArchiveSettings,
  partition: NonNullable<ArchiveSettings['partition']>
): ArchiveSettings {
  const { name, serviceName } = partition;
  const root = `${archive.dicomwebRoot.replace(/\/partitions\/[^/]+$/, '')}/partitions/${name}`;
  return {
    ...archive,
    friendlyName: `${serviceName} · ${name}`,
    dicomwebRoot: root,
    searchRoot: root,
    partition,
  };
}
