/**
 * The stock viewer with its stock DICOMweb data source and its stock sign-in, on the emulator: nothing of ours is
 * between the two, as for somebody who follows the documented recipe.
 */
import { openPractice } from './support/practice.ts';
import type { Stack } from './support/stack.ts';
import { CT, MR } from './support/studies.ts';

const AUDIENCE = 'https://dicom.healthcareapis.azure.com';

/** The documented configuration, without any plug-in. */
function stockSettings({ dicom, identity }: Stack): string {
  const settings = {
    routerBasename: null,
    extensions: [],
    modes: [],
    showStudyList: true,
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
        scope: `openid profile offline_access ${AUDIENCE}/Dicom.ReadWrite`,
        revokeAccessTokenOnSignout: false,
      },
    ],
  };
  return `window.config = ${JSON.stringify(settings)}; window.config.httpErrorHandler = () => undefined;`;
}

describe('the stock viewer with its stock data source', () => {
  const story = openPractice();

  it(
    'lists the studies, opens one, and shows its images and series',
    story(async ({ page, stack, signIn, viewer, dicom }) => {
      const body = stockSettings(stack);
      await page.route('**/app-config.js', route =>
        route.fulfill({ contentType: 'text/javascript', body })
      );
      await signIn('reader');
      for (const accession of ['SYN26000107', 'SYN25001219']) {
        await page.getByText(accession).first().waitFor();
      }
      await viewer.open(CT, 'basic');
      await viewer.showsPixels();
      await viewer.hasThumbnailOf('Chest 4.0 mm venous');
      await viewer.open(MR, 'basic');
      await viewer.showsPixels();
      await viewer.series(2);
      const failed = (await dicom.requests()).filter(
        ({ status }) => status !== null && status >= 400
      );
      expect(failed).toEqual([]);
    })
  );
});
