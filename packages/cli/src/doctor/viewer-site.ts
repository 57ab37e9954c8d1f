import { redactURL } from '@ohif-azure/core';
import type { DoctorTools, Finding } from '@ohif-azure/dicomweb/doctor';
import { fail, ok, warn } from '@ohif-azure/dicomweb/doctor';
import { isLoopback } from '@ohif-azure/core/settings';

/** What the viewer's site tells. */
export interface ViewerSite {
  readonly findings: readonly Finding[];
  /** Text of `app-config.js`. */
  readonly config?: string;
  /** `Date` of the site's answer. */
  readonly date?: string | null;
}

const PLUGIN_FILES = ['/plugins/ohif-azure/extension.mjs', '/plugins/ohif-azure/mode.mjs'];
const TIMEOUT_MS = 15_000;

/**
 * Looks at a viewer's site as its users' browsers do: its page, its configuration, the plug-in files, and that the redirect URI leads to the
 * viewer.
 */
export async function checkViewerSite(
  origin: string,
  redirectPath: string,
  { fetch }: Pick<DoctorTools, 'fetch'>
): Promise<ViewerSite> {
  const get = async (path: string) => {
    const response = await fetch(`${origin}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { response, text: await response.text() };
  };
  const site = `the viewer at ${redactURL(origin)}`;
  let page;
  try {
    page = await get('/');
  } catch {
    return {
      findings: [
        fail(
          'viewer',
          'viewer-unreachable',
          `${origin} does not answer.`,
          'Check the viewer’s address and the network.'
        ),
      ],
    };
  }
  const findings: Finding[] = [];
  const date = page.response.headers.get('date');
  const url = new URL(origin);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    findings.push(
      fail(
        'viewer',
        'insecure-page',
        `${origin} is not https: browsers give no cryptography to its pages, and sign-in needs it.`,
        'Serve the viewer over HTTPS.'
      )
    );
  }
  if (page.response.status !== 200 || !/<title>OHIF/i.test(page.text)) {
    findings.push(
      fail(
        'viewer',
        'viewer-files',
        `${origin}/ is no OHIF viewer (status ${page.response.status}).`,
        'Name the address at whose root the viewer is.'
      )
    );
    return { findings, date };
  }
  const config = await get('/app-config.js').catch(() => undefined);
  const isConfig = config?.response.status === 200 && !/^\s*</.test(config.text);
  if (!isConfig) {
    findings.push(
      fail(
        'viewer',
        'viewer-files',
        `${site} has no app-config.js.`,
        'Install it: ohif-azure install --dist <folder> --config azure.js'
      )
    );
  }
  findings.push(...(await checkFiles(get, config?.text ?? '')));
  const callback = await get(redirectPath).catch(() => undefined);
  if (callback?.response.status !== 200 || !/<title>OHIF/i.test(callback.text)) {
    findings.push(
      fail(
        'viewer',
        'viewer-files',
        `${origin}${redirectPath} does not lead to the viewer (status ${callback?.response.status ?? 'none'}), so that no sign-in comes to its end.`,
        'Have the web server answer with index.html for every path that is no file.'
      )
    );
  }
  if (findings.length === 0)
    findings.push(ok('viewer', `${origin} serves the viewer, its plug-in and ${redirectPath}.`));
  return { findings, date, ...(isConfig ? { config: config.text } : {}) };
}

async function checkFiles(
  get: (path: string) => Promise<{ response: Response; text: string }>,
  config: string
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const path of PLUGIN_FILES) {
    // Compiled into the viewer, or at another address: the configuration does not load it from here.
    if (!config.includes(path)) continue;
    const file = await get(path).catch(() => undefined);
    const type = file?.response.headers.get('content-type') ?? '';
    if (file?.response.status !== 200 || /^\s*</.test(file.text)) {
      findings.push(
        fail(
          'viewer',
          'viewer-files',
          `The plug-in file ${path} is missing on the site.`,
          'Install it: ohif-azure install --dist <folder> --config azure.js'
        )
      );
    } else if (!/^(text|application)\/(x-)?(java|ecma)script\b/i.test(type)) {
      findings.push(
        warn(
          'viewer',
          'viewer-files',
          `${path} is served as ${type.split(';')[0] || 'no type'}: browsers do not run it as a module.`,
          'Have the web server give .mjs files the type text/javascript.'
        )
      );
    }
  }
  return findings;
}
