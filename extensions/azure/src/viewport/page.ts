import type { DecodedImage } from './unfitImage.ts';

/** What is used of Cornerstone3D 5.6 (`window.cornerstone`), typed by hand. */
export interface ViewportsOfPage {
  eventTarget: EventTarget;
  getRenderingEngines(): { getViewports(): PageViewport[] }[] | undefined;
  metaData: { get(type: string, imageId: string): unknown };
}

export interface PageViewport {
  element: HTMLElement;
  /** Of a stack: the image that is wanted, also while another is still shown. */
  getCurrentImageId?(): string | undefined;
  /** Of a stack: the image that is shown. */
  getCornerstoneImage?(): DecodedImage | undefined;
  getImageIds?(): string[];
  /** `stack`, `orthographic`, `video`, ... */
  type?: string;
}

/** A display set of the viewer, as far as it matters here. */
export interface PageDisplaySet {
  displaySetInstanceUID: string;
  unsupported?: boolean;
  Modality?: string;
  SOPClassUID?: string;
  SOPInstanceUID?: string;
  SOPClassHandlerId?: string;
  instances?: { SOPInstanceUID?: string; SOPClassUID?: string }[];
}

/** The viewer's services that say what is in which viewport. */
export interface PageServices {
  customizationService: Customizations;
  viewportGridService: {
    getState(): { viewports: Map<string, { displaySetInstanceUIDs?: string[] }> };
    EVENTS?: Record<string, string>;
    subscribe?(event: string, listener: () => void): { unsubscribe(): void };
  };
  displaySetService: {
    getDisplaySetByUID?(uid: string): PageDisplaySet | undefined;
    getActiveDisplaySets(): PageDisplaySet[];
    EVENTS?: Record<string, string>;
    subscribe?(event: string, listener: () => void): { unsubscribe(): void };
  };
}

/** The viewer's customizations (OHIF 3.13). */
export interface Customizations {
  getCustomization(key: string): unknown;
  setCustomizations(customizations: Record<string, unknown>, scope?: string): void;
}
