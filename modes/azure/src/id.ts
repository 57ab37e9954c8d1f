/** Equals the package's name, as OHIF demands. */
export const id = '@ohif-azure/mode-azure';
