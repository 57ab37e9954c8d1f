import type { ArchiveSettings } from '@ohif-azure/core/settings';

/**
 * The configuration of the stock DICOMweb source that fits the Azure DICOM service: no wildcards, frames in
 * whatever transfer syntax they are stored, metadata without bulk data URIs.
 * Source: service documentation, conformance statement v2; `AcceptHeaderHandler` of microsoft/dicom-server.
 */
const AZURE: Record<string, unknown> = {
  imageRendering: 'wadors',
  thumbnailRendering: 'wadors',
  enableStudyLazyLoad: true,
  supportsFuzzyMatching: true,
  supportsWildcard: false,
  supportsReject: false,
  supportsStow: true,
  dicomUploadEnabled: true,
  singlepart: 'bulkdata,video',
  acceptHeader: ['multipart/related; type=application/octet-stream; transfer-syntax=*'],
  omitQuotationForMultipartRequest: true,
  bulkDataURI: { enabled: false },
};

const STANDARD: Record<string, unknown> = {
  imageRendering: 'wadors',
  thumbnailRendering: 'wadors',
  enableStudyLazyLoad: true,
  supportsFuzzyMatching: false,
  supportsWildcard: true,
  dicomUploadEnabled: true,
  omitQuotationForMultipartRequest: true,
  bulkDataURI: { enabled: true },
};

/** Key under which the viewer's configuration object leads back to its archive. */
export const SOURCE_NAME_KEY = 'azureSourceName';

export function stockConfiguration(archive: ArchiveSettings): Record<string, unknown> {
  const { dialect, stock, friendlyName, dicomwebRoot, searchRoot, sourceName, queryLimit } =
    archive;
  const forced = dialect === 'azure' ? { supportsWildcard: false } : {};
  return {
    ...(dialect === 'azure' ? AZURE : STANDARD),
    ...stock,
    ...forced,
    friendlyName,
    name: sourceName,
    qidoRoot: searchRoot,
    wadoRoot: dicomwebRoot,
    wadoUriRoot: dicomwebRoot,
    queryLimit,
    [SOURCE_NAME_KEY]: sourceName,
  };
}
