import { createReportButton } from './createReportButton.ts';
import { id } from './id.ts';
import { isValidMode } from './isValidMode.ts';
import {
  MEASUREMENT_PANEL,
  SEGMENTATION_PANEL,
  STOCK_MODE,
  type LoadModules,
  type ModeInstance,
  type ModeRoute,
} from './stockMode.ts';

/**
 * Read and report: the stock basic mode (tools, viewports, SOP class handlers), opened for every study, with the
 * measurement panel open and "Create SR" in the toolbar.
 */
export async function modeFactory({
  loadModules,
  modeConfiguration,
}: {
  loadModules: LoadModules;
  modeConfiguration?: unknown;
}): Promise<ModeInstance> {
  const [stock] = await loadModules([STOCK_MODE]);
  if (!stock) throw new Error(`${STOCK_MODE} is not part of this viewer.`);
  const instance = await stock.modeFactory({ modeConfiguration, loadModules });
  return {
    ...instance,
    id,
    routeName: 'azure',
    displayName: 'Read and report',
    hide: false,
    isValidMode,
    routes: instance.routes.map(reportingRoute),
    toolbarButtons: [...list(instance.toolbarButtons), createReportButton],
    toolbarSections: [...list(instance.toolbarSections), { secondary: [createReportButton.id] }],
  };
}

function reportingRoute(route: ModeRoute): ModeRoute {
  const layout = route.layoutInstance;
  if (!layout) return { ...route, path: 'azure' };
  return {
    ...route,
    path: 'azure',
    layoutInstance: {
      ...layout,
      props: {
        ...layout.props,
        // The first panel is the one that is open.
        rightPanels: [MEASUREMENT_PANEL, SEGMENTATION_PANEL],
        rightPanelClosed: false,
      },
    },
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

export default { id, modeFactory, extensionDependencies: {} };
