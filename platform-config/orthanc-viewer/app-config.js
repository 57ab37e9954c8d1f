/**
 * OHIF viewer with an Orthanc behind its authorization plugin and Keycloak: the file for APP_CONFIG, or for app-config.js of a
 * prebuilt viewer. Replace the values in angle brackets; docs/orthanc.md says what belongs into Orthanc and Keycloak, and
 * docs/settings.md explains every setting.
 *
 * What you need:
 *   1. Orthanc with the plugins DICOMweb and Authorization, and orthanc-auth-service with Keycloak (orthanc.json beside this file);
 *   2. in the realm, the public client of keycloak-client.json, which lets this viewer sign in with PKCE;
 *   3. a role with the permission "upload" for everyone who is to save reports (permissions.json of orthanc-auth-service).
 */
(() => {
  const settings = {
    defaultDataSourceName: 'orthanc',
    dataSources: [
      {
        namespace: '@ohif-azure/extension-azure.dataSourcesModule.azure-dicomweb',
        sourceName: 'orthanc',
        configuration: {
          // The name of the archive, as your clinicians know it.
          friendlyName: 'Orthanc',
          // Orthanc's DICOMweb root. Its authorization plugin is asked beside it, at <root>/../auth/user/profile.
          qidoRoot: '<https://pacs.example/orthanc/dicom-web>',
          wadoRoot: '<https://pacs.example/orthanc/dicom-web>',
          dialect: 'standard',
          signIn: {
            // The realm: <Keycloak>/realms/<name>. Its issuer must be just this.
            authority: '<https://keycloak.example/realms/orthanc>',
            clientId: 'ohif-viewer',
            // Not offline_access: Keycloak renews without, and an offline session would outlive the sign-out.
            scopes: ['openid', 'profile', 'email'],
            // A link of Orthanc Explorer 2 (?token=) opens its study without sign-in; saving asks for it.
            when: 'save',
          },
          report: {
            // Institution Name of the reports that are saved; take the two slashes away to use it.
            // institutionName: 'Hospital',
          },
        },
      },
    ],

    // Settings of the viewer itself: https://docs.ohif.org/configuration/configurationFiles
    routerBasename: null,
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    showWarningMessageForCrossOrigin: true,
    showCPUFallbackMessage: true,
    strictZSpacingForVolumeViewport: true,
    // The stock viewer's notice that it is for investigational use: shown, and hidden for 90 days once confirmed.
    investigationalUseDialog: { option: 'configure', days: 90 },
    // The stock viewer's tour darkens the first study that is opened; without it the study is seen at once.
    customizationService: { global: { 'ohif.tours': { $set: [] } } },
  };

  // Where the two plug-in files lie on this site. Nothing below needs to be changed.
  const plugins = {
    extension: '/plugins/ohif-azure/extension.mjs',
    mode: '/plugins/ohif-azure/mode.mjs',
  };

  window.config = async () => {
    // Compiled into this viewer: nothing to load.
    const isBuiltIn = (window.extensions || []).includes('@ohif-azure/extension-azure');
    if (isBuiltIn) return { ...settings, extensions: [], modes: [] };
    try {
      const [extension, mode] = await Promise.all([load(plugins.extension), load(plugins.mode)]);
      return { ...settings, extensions: [extension], modes: [mode] };
    } catch (error) {
      // Without this page the viewer would stay blank.
      showProblem(error);
      return new Promise(() => undefined);
    }
  };

  async function load(address) {
    const module = await import(address).catch(cause => {
      throw new Error(`${address} could not be loaded. ${cause.message}`, { cause });
    });
    if (!module.default) throw new Error(`${address} is not a plug-in: it has no default export.`);
    return module.default;
  }

  function showProblem(error) {
    console.error(error);
    const page = document.createElement('main');
    page.setAttribute('data-cy', 'azure-page');
    page.setAttribute('data-kind', 'plug-in');
    page.style.cssText =
      'position:fixed;inset:0;z-index:20000;display:flex;background:#070b14;color:#e8edf5;font:15px/1.5 system-ui,sans-serif';
    const box = document.createElement('div');
    box.style.cssText =
      'margin:auto;max-width:560px;padding:28px 32px;background:#121a2b;border:1px solid #2a3854;border-radius:10px';
    const line = (tag, text) =>
      box.append(Object.assign(document.createElement(tag), { textContent: text }));
    line('h1', 'The viewer cannot start');
    line('p', 'A part of it is missing on this site. Please tell your administrator:');
    line('p', error.message);
    line('p', `Both plug-in files belong on this site: ${Object.values(plugins).join(' and ')}.`);
    box.firstChild.style.cssText = 'margin:0 0 12px;font-size:20px;font-weight:600';
    page.append(box);
    document.body.append(page);
  }
})();
