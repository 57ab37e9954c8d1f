import type { Customizations, PageDisplaySet, PageServices } from './page.ts';

const CALLBACK = 'studyBrowser.thumbnailDoubleClickCallback';

type OnDoubleClick = (setup: {
  activeViewportId?: string;
}) => (displaySetInstanceUID: string) => unknown;

/** Somebody asked for something in a viewport, and the viewer did nothing: it has no way to show it. */
export interface AskedInVain {
  viewportId: string;
  displaySet: PageDisplaySet;
  /** What the viewport had, and keeps. */
  shown: string;
}

/** Tells of double clicks in the study browser on what the viewer cannot show; the stock viewer lets them pass without a word. */
export function watchDoubleClicks(
  customizations: Customizations,
  { displaySetService, viewportGridService }: PageServices,
  onAsked: (asked: AskedInVain | undefined) => void
): void {
  const { callbacks = [] } = (customizations.getCustomization(CALLBACK) ?? {}) as {
    callbacks?: OnDoubleClick[];
  };
  const ours: OnDoubleClick =
    ({ activeViewportId = '' }) =>
    uid => {
      const displaySet = displaySetService.getDisplaySetByUID?.(uid);
      const viewport = viewportGridService.getState().viewports.get(activeViewportId);
      const shown = String(viewport?.displaySetInstanceUIDs);
      onAsked(
        displaySet?.unsupported ? { viewportId: activeViewportId, displaySet, shown } : undefined
      );
    };
  customizations.setCustomizations(
    { [CALLBACK]: { $set: { callbacks: [...callbacks, ours] } } },
    'mode'
  );
}
