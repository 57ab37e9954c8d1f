import type { ExtensionParams } from '../ohif.ts';
import { activeSource, type AzureRuntime } from '../runtime.ts';
import {
  promptSaveReport,
  type SaveContext,
  type SaveEvent,
  type SaveReportParts,
} from './promptSaveReport.ts';

const KEY = 'measurement.promptSaveReport';

type SavePrompt = (services: unknown, context: SaveContext, event: SaveEvent) => Promise<unknown>;
const ours = new WeakSet<SavePrompt>();

/** In the tracking modes "Create SR" goes through a state machine, which asks this customization. */
export function overrideSavePrompt(runtime: AzureRuntime, params: ExtensionParams): void {
  const { customizationService } = params.servicesManager.services;
  const stock = customizationService.getCustomization(KEY) as SavePrompt | undefined;
  if (stock && ours.has(stock)) return;
  const prompt: SavePrompt = (services, context, event) =>
    promptSaveReport(
      savePromptParts(runtime, params, async () => stock?.(services, context, event)),
      context,
      event
    );
  ours.add(prompt);
  customizationService.setCustomizations({ [KEY]: { $set: prompt } }, 'global');
}

/** @param stock - the stock viewer's own flow, for data sources that are not ours */
export function savePromptParts(
  runtime: AzureRuntime,
  { servicesManager, commandsManager, extensionManager }: ExtensionParams,
  stock: () => Promise<unknown>
): SaveReportParts {
  return {
    services: servicesManager.services,
    commandsManager,
    controller: runtime.controller,
    accessTokens: runtime.accessTokens,
    keepMeasurements: () => runtime.measurementDrafts.flush(),
    account: () => runtime.session?.state.account,
    stock,
    activeArchive: () => activeSource(runtime, extensionManager)?.archive,
  };
}
