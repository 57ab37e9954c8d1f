import { workListColumns } from './data-source/workListColumns.ts';
import { keepMeasurements } from './drafts/keepMeasurements.ts';
import { getCommandsModule } from './getCommandsModule.ts';
import { getDataSourcesModule } from './getDataSourcesModule.ts';
import { id } from './id.ts';
import type { ExtensionParams } from './ohif.ts';
import { preRegistration } from './preRegistration.ts';
import { overrideSavePrompt } from './report/overrideSavePrompt.ts';
import type { AzureRuntime } from './runtime.ts';

/**
 * The extension: a data source for the Azure DICOM service, sign-in with Microsoft Entra ID, and a Create
 * Report that says "saved" when the archive has confirmed it, and only then. It is registered when the viewer
 * starts: a data source of an extension that a mode loads later would never come to be.
 */
export function createExtension() {
  let runtime: AzureRuntime | undefined;
  const getRuntime = (): AzureRuntime => {
    if (!runtime) throw new Error(`${id} is not registered yet.`);
    return runtime;
  };
  return {
    id,
    async preRegistration(params: ExtensionParams) {
      runtime = await preRegistration(params);
    },
    getDataSourcesModule: () => getDataSourcesModule(getRuntime),
    getCustomizationModule: () => [
      { name: 'default', value: { 'workList.columns': { $apply: workListColumns } } },
    ],
    getCommandsModule: (params: ExtensionParams) => getCommandsModule(getRuntime, params),
    /** On every mode entry, since the tracking mode's own prompt is registered by then. */
    onModeEnter(params: ExtensionParams) {
      const runtime = getRuntime();
      overrideSavePrompt(runtime, params);
      keepMeasurements(runtime, params);
      runtime.reading?.enter(params.servicesManager.services);
    },
    /** The services clear the measurements right after the extensions' hooks. */
    onModeExit() {
      void runtime?.measurementDrafts.stop();
      runtime?.reading?.leave();
      runtime?.clients.forEach(({ reader }) => reader.frames.stop());
      runtime?.controller.leaveViewer();
    },
  };
}

export default createExtension();
