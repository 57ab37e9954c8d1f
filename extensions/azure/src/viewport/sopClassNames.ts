/** SOP Classes that OHIF 3.13 has no way to show, as people call them. @see PS3.6 annex A */
const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.10008.5.1.4.1.1.104.2': 'CDA',
  '1.2.840.10008.5.1.4.1.1.104.3': 'STL',
  '1.2.840.10008.5.1.4.1.1.104.4': 'OBJ',
  '1.2.840.10008.5.1.4.1.1.104.5': 'MTL',
  '1.2.840.10008.5.1.4.1.1.11.1': 'GSPS',
  '1.2.840.10008.5.1.4.1.1.11.2': 'CSPS',
  '1.2.840.10008.5.1.4.1.1.481.4': 'RT Beams Record',
  '1.2.840.10008.5.1.4.1.1.481.5': 'RT Plan',
  '1.2.840.10008.5.1.4.1.1.481.8': 'RT Ion Plan',
  '1.2.840.10008.5.1.4.1.1.66': 'Raw Data',
  '1.2.840.10008.5.1.4.1.1.66.1': 'Spatial Registration',
  '1.2.840.10008.5.1.4.1.1.66.3': 'Deformable Spatial Registration',
  '1.2.840.10008.5.1.4.1.1.66.5': 'Surface Segmentation',
  '1.2.840.10008.5.1.4.1.1.88.59': 'Key Object Selection',
};

/** What an object is called: by its SOP Class, else by its Modality, else by the SOP Class UID. */
export function objectName(sopClassUID: string | undefined, modality: string | undefined): string {
  return (sopClassUID && NAMES[sopClassUID]) ?? modality ?? sopClassUID ?? '?';
}
