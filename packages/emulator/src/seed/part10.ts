import dcmjs from 'dcmjs';
import type { Naturalized } from 'dcmjs';
import { uidOf } from './uid.ts';

/** What wrote the seed's files, (0002,0012). */
export const IMPLEMENTATION_CLASS_UID = uidOf('implementation/seed');
/** Its name, (0002,0013); at most 16 characters. */
export const IMPLEMENTATION_VERSION_NAME = 'OHIF_AZURE_SEED';
/** Explicit VR Little Endian, the Transfer Syntax of every seed file. */
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** Pixels of an image: 8 bits (OB) or 16 bits (OW), little endian; an even number of bytes. */
export type Pixels = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/**
 * One SOP Instance as a Part 10 file in Explicit VR Little Endian.
 *
 * @param dataset - attributes by PS3.6 keyword, with `SOPClassUID` and `SOPInstanceUID`; bulk values are
 *   an `ArrayBuffer` of even length in an array.
 * @param pixels - Pixel Data (7FE0,0010); default none. Apart from the data set because it is copied once
 *   this way, and five times by dcmjs.
 * @returns preamble, file meta information and data set.
 * @see PS3.10 section 7.1 DICOM File Meta Information.
 */
export function toPart10(dataset: Naturalized, pixels?: Pixels): Uint8Array {
  const { DicomDict, DicomMetaDictionary } = dcmjs.data;
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: dataset['SOPClassUID'],
      MediaStorageSOPInstanceUID: dataset['SOPInstanceUID'],
      TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: IMPLEMENTATION_VERSION_NAME,
    })
  );
  file.dict = DicomMetaDictionary.denaturalizeDataset(dataset);
  const attributes = new Uint8Array(file.write());
  return pixels === undefined ? attributes : withPixelData(attributes, pixels);
}

/** Adds Pixel Data, which has the highest tag of all that the seed writes and so comes last. */
function withPixelData(attributes: Uint8Array, pixels: Pixels): Uint8Array {
  const vr = pixels.BYTES_PER_ELEMENT === 1 ? 'OB' : 'OW';
  const header = Buffer.alloc(12);
  header.writeUInt16LE(0x7fe0, 0);
  header.writeUInt16LE(0x0010, 2);
  header.write(vr, 4, 'latin1');
  header.writeUInt32LE(pixels.byteLength, 8);
  const file = new Uint8Array(attributes.length + header.length + pixels.byteLength);
  file.set(attributes);
  file.set(header, attributes.length);
  file.set(
    new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength),
    attributes.length + header.length
  );
  return file;
}
