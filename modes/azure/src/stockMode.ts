/** What this mode takes of the stock mode `@ohif/mode-basic`, typed by hand (OHIF 3.13). */
export interface ModeInstance {
  id: string;
  routeName: string;
  displayName: string;
  hide?: boolean;
  isValidMode(input: { modalities: string; study?: unknown }): {
    valid: boolean | null;
    description: string;
  };
  routes: ModeRoute[];
  toolbarButtons?: unknown;
  toolbarSections?: unknown;
  [key: string]: unknown;
}

export interface ModeRoute {
  path: string;
  layoutTemplate(...args: unknown[]): unknown;
  layoutInstance?: { id: string; props: Record<string, unknown> };
  [key: string]: unknown;
}

export interface ModeModule {
  modeFactory(input: {
    modeConfiguration?: unknown;
    loadModules?: LoadModules;
  }): ModeInstance | Promise<ModeInstance>;
}

/** The host resolves names of stock modes; a mode must not import them (they are not published). */
export type LoadModules = (names: string[]) => Promise<ModeModule[]>;

export const STOCK_MODE = '@ohif/mode-basic';
export const SEGMENTATION_PANEL = '@ohif/extension-cornerstone.panelModule.panelSegmentation';
export const MEASUREMENT_PANEL = '@ohif/extension-cornerstone.panelModule.panelMeasurement';
