import type { ExtensionParams } from '../ohif.ts';
import { reportWriter } from '../report/reportWriter.ts';
import { activeSource, type AzureRuntime } from '../runtime.ts';
import { describeMeasurements } from './describeMeasurements.ts';

/** From now on, while a study is open, measurements are kept as drafts until they are in a report. */
export function keepMeasurements(runtime: AzureRuntime, params: ExtensionParams): void {
  const { commandsManager, extensionManager, servicesManager } = params;
  const { services } = servicesManager;
  // When the study is left the address is another already.
  const page = window.location.pathname;
  runtime.measurementDrafts.start(
    services,
    describeMeasurements({
      source: () => activeSource(runtime, extensionManager),
      services,
      commandsManager,
      writer: reportWriter(runtime, services),
      now: Date.now,
      page,
    })
  );
  void runtime.drafts.refresh();
}
