/** Equals the package's name, as OHIF demands; data sources are named by it in `window.config`. */
export const id = '@ohif-azure/extension-azure';
