/**
 * `app-config.js` of the stock viewer for this service, as the documented recipe has it: stock data source, stock sign-in (code
 * flow), no plug-in.
 */
export function stockViewerConfig({ dicom, identity }) {
  const audience = 'https://dicom.healthcareapis.azure.com';
  const config = {
    routerBasename: null,
    extensions: [],
    modes: [],
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    investigationalUseDialog: { option: 'never' },
    customizationService: { global: { 'ohif.tours': { $set: [] } } },
    defaultDataSourceName: 'azure',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'azure',
        configuration: {
          friendlyName: 'stock',
          name: 'azure',
          qidoRoot: dicom,
          wadoRoot: dicom,
          wadoUriRoot: dicom,
          qidoSupportsIncludeField: true,
          imageRendering: 'wadors',
          thumbnailRendering: 'wadors',
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: true,
          supportsWildcard: false,
          omitQuotationForMultipartRequest: true,
          requestTransferSyntaxUID: '*',
          singlepart: 'bulkdata,video',
        },
      },
    ],
    oidc: [
      {
        authority: identity,
        client_id: 'ohif-viewer',
        redirect_uri: '/callback',
        post_logout_redirect_uri: '/signed-out',
        response_type: 'code',
        scope: `openid profile offline_access ${audience}/Dicom.ReadWrite`,
        revokeAccessTokenOnSignout: false,
      },
    ],
  };
  return `window.config = ${JSON.stringify(config)}; window.config.httpErrorHandler = () => undefined;`;
}
