import type { Row } from '../support/row.ts';

/** Something which the emulator does otherwise than the service, or for which no source is sure. */
export interface Difference {
  area: string;
  service: string;
  emulator: string;
  source: string;
  known: Row['known'];
}

/** The chapter "Differences from the Azure DICOM service". */
export const DIFFERENCES: readonly Difference[] = [
  {
    area: 'Versions',
    service: '`/v3/…`: 400 or 404',
    emulator: '404',
    source: 'reference 0.3',
    known: 'inference',
  },
  {
    area: 'Versions',
    service: '`/{version}/api.json`: the OpenAPI description',
    emulator: '501, naming it',
    source: 'reference 4, Misc',
    known: 'code',
  },
  {
    area: 'Store',
    service: 'hosted: what becomes of Implicit VR is documented, not how it is answered',
    emulator: '409 with 43264, without a comment',
    source: 'reference 1.6',
    known: 'docs',
  },
  {
    area: 'Store',
    service: 'hosted: zeroes the 128 bytes of the preamble',
    emulator: 'the stored bytes are the ones sent',
    source: 'conformance statement, Preamble Sanitization',
    known: 'docs',
  },
  {
    area: 'Store',
    service:
      'hosted: external metadata (`msdicom-meta-…`): how its errors are answered and what becomes of it when the study is deleted is not documented; only with data lake storage',
    emulator:
      '400 with texts of ours; it goes with the study; a tag (gggg,00ee) gets no private creator',
    source: 'azure-docs external-metadata.md, 2024-12-30',
    known: 'docs',
  },
  {
    area: 'Store',
    service: 'hosted: what the change feed says of an upsert is not documented',
    emulator: '`Create`, and the entries before are `Replaced`',
    source: 'reference 1.7',
    known: 'inference',
  },
  {
    area: 'Store',
    service: 'hosted: expiry; wrong headers are not documented',
    emulator: '400 with texts of ours; a study that expired is gone at the next request',
    source: 'reference 1.7',
    known: 'docs',
  },
  {
    area: 'Store',
    service: 'what becomes of a file which ends within its pixel data is not known',
    emulator: '43264',
    source: 'none',
    known: 'inference',
  },
  {
    area: 'Store',
    service: '424 for failures of the customer’s storage account',
    emulator: 'never: the folder is its own; a full disk is 503',
    source: 'reference 0.A',
    known: 'code',
  },
  {
    area: 'Store',
    service: 'names of attributes in the text for value multiplicity are those of PS3.6',
    emulator: 'made of the keyword; an apostrophe or a bracket in the name is missing',
    source: 'fo-dicom DicomElement.ToString',
    known: 'code',
  },
  {
    area: 'Metadata',
    service: 'elements behind the pixel data are there',
    emulator: 'those within the first megabyte behind it are',
    source: 'ours',
    known: 'ours',
  },
  {
    area: 'Search',
    service: 'the full-text index of names lags behind Store',
    emulator: 'a name is found at once',
    source: 'QueryTransactionTests, retries',
    known: 'E2E',
  },
  {
    area: 'Search',
    service: 'punctuation in a fuzzy value is up to the word breaker',
    emulator: 'it is ignored',
    source: 'reference 2.3',
    known: 'inference',
  },
  {
    area: 'Search',
    service: 'attributes of a study or series after a removal may be those of a removed instance',
    emulator: 'those of the newest instance left',
    source: 'reference 1.6',
    known: 'inference',
  },
  {
    area: 'Rendered',
    service: 'the published source names fo-dicom 5.1.2; which one is hosted is not known',
    emulator:
      'as fo-dicom 5.1.3, which differs in windows of functional groups, `LINEAR_EXACT`, samples of 1 bit and Modality LUTs',
    source: 'Directory.Packages.props; fo-dicom 3755b239 and 1b92c598',
    known: 'code',
  },
  {
    area: 'Rendered',
    service: 'a PNG has four channels, also of gray',
    emulator: 'one or three, of the same colours',
    source: 'ImageSharp PngEncoder',
    known: 'framework',
  },
  {
    area: 'Rendered',
    service:
      'YBR_PARTIAL_422 which is not compressed is reckoned at three bytes a pixel: small frames are refused',
    emulator: 'two bytes a pixel, and rendered',
    source: 'PS3.3 C.7.6.3.1.2; fo-dicom DicomPixelData.UncompressedFrameSize',
    known: 'code',
  },
  {
    area: 'Transcoding',
    service: 'RGB of more than 8 bits has the colour transform in JPEG 2000 (YBR_RCT)',
    emulator: 'it stays RGB; the samples are the same',
    source: 'fo-dicom.Codecs DicomJpeg2000NativeCodec.Encode',
    known: 'code',
  },
  {
    area: 'Transcoding',
    service: '8 bits signed: JPEG 2000 gets pairs of bytes for samples',
    emulator: 'every sample comes back',
    source: 'fo-dicom.Codecs DicomJpeg2000NativeCodec.Encode',
    known: 'code',
  },
  {
    area: 'Transcoding',
    service: 'JPEG 2000 which is labelled YBR_FULL fails',
    emulator: 'it is decoded',
    source: 'fo-dicom.Codecs DicomJpeg2000NativeCodec.Decode',
    known: 'code',
  },
  {
    area: 'Transcoding',
    service: 'an overlay in unused bits of the samples gets Overlay Data of its own',
    emulator: 'it does not; JPEG 2000 leaves the bits out',
    source: 'fo-dicom DicomTranscoder.ProcessOverlays',
    known: 'code',
  },
  {
    area: 'Delete',
    service: 'blobs are purged after three days',
    emulator: 'the files are gone at once',
    source: 'DeletedInstanceCleanupConfiguration',
    known: 'code',
  },
  {
    area: 'Metadata',
    service: 'watermarks in `ETag` count from 1',
    emulator: 'they are based on the clock',
    source: 'ETagGenerator',
    known: 'code',
  },
  {
    area: 'Change feed',
    service: 'times have seven decimals',
    emulator: 'up to six',
    source: 'ChangeFeed.sql',
    known: 'code',
  },
  {
    area: 'Change feed',
    service: '`filePath` with an external store',
    emulator: 'never',
    source: 'ChangeFeedTests',
    known: 'E2E',
  },
  {
    area: 'Extended query tags',
    service: 'the words for JSON which cannot be read are those of System.Text.Json',
    emulator: 'words of ours; the status is the same',
    source: 'ASP.NET',
    known: 'framework',
  },
  {
    area: 'Extended query tags',
    service:
      'by its code, re-indexing and v1 Store refuse each value of a private attribute whose creator its library does not know, as no default VR equals its VR; no test of the service shows it',
    emulator: 'values of the VR which was given with the tag are indexed and stored',
    source: 'DicomDatasetExtensions.ValidateDicomTag, DicomTagExtensions.GetDefaultVR',
    known: 'code',
  },
  {
    area: 'Operations',
    service: 'run for seconds or hours',
    emulator: 'run at once; `--operation-delay-ms` delays their beginning',
    source: 'ours',
    known: 'ours',
  },
  {
    area: 'Bulk update',
    service: 'hosted: newer documents permit changing UIDs',
    emulator: '400, as in the published source',
    source: 'reference 4, Bulk update',
    known: 'docs',
  },
  {
    area: 'Bulk update',
    service: 'the version name of the implementation is the assembly’s',
    emulator: '`EMULATOR`',
    source: 'bulk-update.md',
    known: 'docs',
  },
  {
    area: 'Bulk update',
    service: 'metadata keep letters which the file’s character set lacks',
    emulator: 'they are question marks there too',
    source: 'UpdateInstanceService',
    known: 'code',
  },
  {
    area: 'Export',
    service: 'copies instances to a storage account',
    emulator: '404 without a body, as a service on which the feature is off',
    source: 'ExportController',
    known: 'code',
  },
  {
    area: 'Work items',
    service: 'hosted: wildcards in searches',
    emulator: 'literal, as in the published source',
    source: 'azure-docs f3ace80d',
    known: 'docs',
  },
  {
    area: 'Work items',
    service: 'the order of the states in the text for a wrong one is not fixed',
    emulator: '`IN PROGRESS,CANCELED,COMPLETED`',
    source: 'ChangeWorkitemStateDatasetValidator',
    known: 'code',
  },
  {
    area: 'Authentication',
    service: 'role assignments take up to five minutes',
    emulator: 'they take effect at once',
    source: 'reference 5, Azure RBAC',
    known: 'docs',
  },
  {
    area: 'CORS',
    service: 'the permitted headers are a setting',
    emulator: 'every requested header is permitted',
    source: 'msdoc configure-cross-origin-resource-sharing',
    known: 'docs',
  },
  {
    area: 'Throttling',
    service: '429 or 503 under load',
    emulator: 'only by the test hooks',
    source: 'reference 6',
    known: 'inference',
  },
];
