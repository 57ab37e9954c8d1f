import { downloadFile } from './downloadFile.ts';
import type { ExtensionParams } from './ohif.ts';
import { promptSaveReport, type SaveContext } from './report/promptSaveReport.ts';
import { savePromptParts } from './report/overrideSavePrompt.ts';
import {
  createStoreFunction,
  type StoreFunction,
  type StoreFunctionOptions,
} from './report/storeFunction.ts';
import { reportWriter } from './report/reportWriter.ts';
import type { AzureRuntime } from './runtime.ts';

/**
 * Two commands in a context of our own, which is newer than the stock ones and therefore found first wherever
 * a command is run without a context: SR, SEG and RTSTRUCT save through both of them.
 */
export function getCommandsModule(getRuntime: () => AzureRuntime, params: ExtensionParams) {
  const { commandsManager, extensionManager } = params;
  return {
    defaultContext: 'AZURE',
    definitions: {
      createStoreFunction: {
        commandFn: (options: StoreFunctionOptions) => {
          const runtime = getRuntime();
          return createStoreFunction(
            {
              controller: runtime.controller,
              stock: stockOptions =>
                commandsManager
                  .getCommand('createStoreFunction', 'DEFAULT')
                  ?.commandFn(stockOptions) as StoreFunction | null | undefined,
              sourceOf: name => {
                const [named] = extensionManager.getDataSources(name ?? undefined) ?? [];
                return named && runtime.sources.get(named);
              },
              ...reportWriter(runtime, params.servicesManager.services),
              download: downloadFile,
            },
            options
          );
        },
      },
      promptSaveReport: {
        commandFn: (props: SaveContext & { StudyInstanceUID?: string }) =>
          promptSaveReport(
            savePromptParts(getRuntime(), params, async () =>
              commandsManager.getCommand('promptSaveReport', 'DEFAULT')?.commandFn(props)
            ),
            props,
            { data: { StudyInstanceUID: props.StudyInstanceUID } }
          ),
      },
    },
  };
}
