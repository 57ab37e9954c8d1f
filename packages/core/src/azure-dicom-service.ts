/** Audience of the access tokens of every Azure DICOM service, in every tenant (service documentation, "Get access token"). */
export const AZURE_DICOM_AUDIENCE = 'https://dicom.healthcareapis.azure.com';

/** The delegated permission that reading and storing need; DICOM Data roles decide on top of it. */
export const AZURE_DICOM_SCOPE = `${AZURE_DICOM_AUDIENCE}/Dicom.ReadWrite`;

/** Whether a host is one of the Azure DICOM service; those of national clouds [assumed]. */
export function isAzureDicomHost(hostname: string): boolean {
  return /\.dicom\.azurehealthcareapis\.(com|us|cn)$/.test(hostname);
}
