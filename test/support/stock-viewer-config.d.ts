/** `app-config.js` of the stock viewer; see stock-viewer-config.js. */
export function stockViewerConfig(stack: { dicom: string; identity: string }): string;
