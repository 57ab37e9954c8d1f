import { mountIsland } from './components/island.tsx';
import { WorkListBar, type PartitionChoice } from './components/WorkListBar.tsx';
import { workListState } from './data-source/workListState.ts';
import type { AzureRuntime } from './runtime.ts';
import { archiveNamed } from './runtime.ts';

/** Where the viewer's work list keeps its filters, and the name of its data source, for the life of the tab. */
const TABLE_STATE_KEY = 'studyList.tableState';

/** Puts the line below the work list into the page; it is empty as long as there is nothing to say. */
export function mountWorkListBar(runtime: AzureRuntime): void {
  mountIsland(
    'work-list',
    <WorkListBar
      state={workListState}
      partitionsOf={sourceName => partitionsOf(runtime, sourceName)}
      choose={chooseSource}
    />
  );
}

function partitionsOf(runtime: AzureRuntime, sourceName: string): PartitionChoice[] {
  const first = archiveNamed(runtime, sourceName)?.partition?.firstSourceName;
  if (first === undefined) return [];
  return runtime.settings.archives.flatMap(({ sourceName, partition }) =>
    partition?.firstSourceName === first ? [{ sourceName, name: partition.name }] : []
  );
}

/**
 * Another partition is another data source, which the address names: so a reload, a link, a bookmark and the way back from a study stay in
 * the partition. Of the viewer's own ways to change it none is told to the address.
 */
function chooseSource(sourceName: string): void {
  sessionStorage.removeItem(TABLE_STATE_KEY);
  window.location.assign(`/?${new URLSearchParams({ dataSources: sourceName })}`);
}
