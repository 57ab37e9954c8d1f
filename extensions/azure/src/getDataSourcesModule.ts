import { showPage, type PageNoticeProps } from './components/PageNotice.tsx';
import { createAzureDataSource } from './data-source/createAzureDataSource.ts';
import { searchProblem } from './data-source/searchProblem.ts';
import { createStudySearch } from './data-source/createStudySearch.ts';
import { SOURCE_NAME_KEY } from './data-source/stockConfiguration.ts';
import { tellChanged } from './data-source/tellChanged.ts';
import { tellUnread } from './data-source/tellUnread.ts';
import { unreadPage } from './data-source/unreadPage.ts';
import type { DataSource, ExtensionManager, ServicesManager } from './ohif.ts';
import { storeObject } from './report/storeObject.ts';
import { archiveNamed, type AzureRuntime, type AzureSource } from './runtime.ts';
import { isPlainWorkList, studiesOfPage } from './session/studiesOfPage.ts';

/** `@ohif-azure/extension-azure.dataSourcesModule.azure-dicomweb`. */
export function getDataSourcesModule(getRuntime: () => AzureRuntime) {
  return [
    {
      name: 'azure-dicomweb',
      type: 'webApi',
      createDataSource: (
        configuration: Record<string, unknown>,
        servicesManager: ServicesManager,
        extensionManager: ExtensionManager
      ): DataSource => {
        const runtime = getRuntime();
        const sourceName = configuration[SOURCE_NAME_KEY];
        const archive = archiveNamed(runtime, sourceName);
        const clients = runtime.clients.get(String(sourceName));
        if (!archive || !clients) {
          throw new Error(
            `Data source ${String(sourceName)} is not in the settings that were read.`
          );
        }
        const { client, searchClient, reader } = clients;
        const search = createStudySearch({
          archive,
          client: searchClient,
          hasWildcards: configuration.supportsWildcard === true,
          accessTokens: runtime.accessTokens,
          customizations: servicesManager.services.customizationService,
        });
        reader.onChanged = () => tellChanged(servicesManager.services);
        reader.onUnread = unread => tellUnread(runtime, archive, servicesManager.services, unread);
        const source: Omit<AzureSource, 'inner'> = { archive, client, stored: new Set() };
        const { dataSource, inner } = createAzureDataSource(
          configuration,
          servicesManager,
          extensionManager,
          {
            archive,
            client,
            searchClient,
            reader,
            reading: runtime.reading,
            accessTokens: runtime.accessTokens,
            searchStudies: search.searchStudies,
            studiesOfPage,
            onSearchFailed: error => {
              const words = searchProblem(error);
              const studyInstanceUID = studiesOfPage()[0];
              insteadOfNotFound(returnTo =>
                unreadPage(runtime, { archive, studyInstanceUID, error, words, returnTo })
              );
              return new Error(words, { cause: error });
            },
            store: (inner, dataset, request, dicomDict) =>
              storeObject(
                { ...source, inner },
                runtime.accessTokens,
                dataset,
                request,
                dicomDict
              ).finally(search.forget),
          }
        );
        runtime.sources.set(dataSource, { ...source, inner });
        if (runtime.pageSource === sourceName && isPlainWorkList()) {
          // The viewer is going to ask the same; it remembers, and tells a failure then.
          search.searchStudies({}).catch(() => undefined);
        }
        return dataSource;
      },
    },
  ];
}

/**
 * The stock viewer answers every failed search for a route's study with "not available", which may be untrue.
 * Where it has gone to that page, ours says what happened. A search for prior studies that fails changes nothing:
 * the viewer stays, with its measurements.
 */
function insteadOfNotFound(pageOf: (returnTo: string) => PageNoticeProps) {
  const { pathname, search } = window.location;
  const isNotFound = () => window.location.pathname.endsWith('/notfoundstudy');
  if (isNotFound()) return;
  setTimeout(() => {
    if (isNotFound()) showPage(pageOf(`${pathname}${search}`));
  });
}
