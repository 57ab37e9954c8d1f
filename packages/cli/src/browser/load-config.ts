import type { EvaluatedConfig } from '@ohif-azure/dicomweb/doctor';

/** The longest a configuration may take to tell itself, in milliseconds. */
const CONFIG_TIMEOUT_MS = 5_000;

interface ViewerWindow {
  config?: unknown;
  extensions?: string[];
  modes?: string[];
}

/** The first mistake in `/app-config.js` while it is loaded; `line` is absent where the browser keeps it to itself. */
function runScript(): Promise<{ message: string; line?: number; isSyntax: boolean } | undefined> {
  return new Promise(resolve => {
    let found: { message: string; line?: number; isSyntax: boolean } | undefined;
    const whenWrong = (event: ErrorEvent) => {
      if (!event.filename.includes('/app-config.js')) return;
      const message = event.message.replace(/^Uncaught\s+/, '');
      const line = event.lineno > 0 ? event.lineno : undefined;
      found ??= { message, line, isSyntax: /^SyntaxError/.test(message) };
      event.preventDefault();
    };
    window.addEventListener('error', whenWrong);
    const script = document.createElement('script');
    const end = () => {
      window.removeEventListener('error', whenWrong);
      resolve(found);
    };
    script.onload = end;
    script.onerror = () => {
      found = { message: 'it cannot be loaded', isSyntax: false };
      end();
    };
    script.src = `/app-config.js?doctor=${Date.now()}`;
    document.head.append(script);
  });
}

/**
 * Runs the viewer's configuration in this page, as the viewer does, and reads it; the plug-in itself is not loaded.
 */
export async function loadConfig(): Promise<EvaluatedConfig> {
  const viewer = window as unknown as ViewerWindow;
  delete viewer.config;
  // Told that the plug-in is compiled in, our own configuration loads nothing.
  viewer.extensions = ['@ohif-azure/extension-azure'];
  viewer.modes = ['@ohif-azure/mode-azure'];
  const wrong = await runScript();
  if (wrong) {
    const { isSyntax, ...where } = wrong;
    return { problem: isSyntax ? 'syntax' : 'run', ...where };
  }
  const { config } = viewer;
  if (config === undefined) return { problem: 'no-config', message: 'no window.config' };
  if (typeof config !== 'function') return { config };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<EvaluatedConfig>(resolve => {
    timer = setTimeout(
      () => resolve({ problem: 'timeout', message: 'window.config never comes to an end' }),
      CONFIG_TIMEOUT_MS
    );
  });
  const called = Promise.resolve()
    .then(() => config({}) as unknown)
    .then(
      (value): EvaluatedConfig => ({ config: value }),
      (error: unknown): EvaluatedConfig => ({
        problem: 'run',
        message: String((error as Error)?.message ?? error),
      })
    );
  return Promise.race([called, ended]).finally(() => clearTimeout(timer));
}
