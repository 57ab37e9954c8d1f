/** What stands in platform-config/azure.js for an administrator, and what the local stack puts there. */
const PLACEHOLDERS = (values: { service: string; authority: string }): [string, string][] => [
  [`'https://<workspace>-<service>.dicom.azurehealthcareapis.com'`, JSON.stringify(values.service)],
  [`tenantId: '<directory (tenant) id>'`, `authority: ${JSON.stringify(values.authority)}`],
  // The printed share link is for looking without signing in; saving asks for it.
  [`'<application (client) id>'`, `'ohif-viewer', when: 'save'`],
  [`friendlyName: 'Azure DICOM service'`, `friendlyName: 'Local DICOM service'`],
  // Practice with synthetic studies: the notice would only cover the work list.
  [`{ option: 'configure', days: 90 }`, `{ option: 'never' }`],
];

/**
 * The shipped platform-config/azure.js with the local stack's addresses in it, so that the file an administrator
 * gets is the one that runs here.
 *
 * @throws {Error} when the file no longer has a placeholder; a fault of this project, found by its test
 */
export function localViewerConfig(
  template: string,
  values: { service: string; authority: string }
): string {
  return PLACEHOLDERS(values).reduce((text, [placeholder, value]) => {
    const parts = text.split(placeholder);
    if (parts.length !== 2) {
      throw new Error(
        `platform-config/azure.js has ${placeholder} ${parts.length - 1} times, not once.`
      );
    }
    return parts.join(value);
  }, template);
}
