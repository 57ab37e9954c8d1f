import { createHash } from 'node:crypto';
import { html, trustedHtml, type Html } from './html.ts';
import { STYLE } from './style.ts';

/** What makes up a page. */
export interface PageParts {
  /** Title of the document and its heading. */
  readonly title: string;
  readonly body: Html;
  /** A script of ours; {@link contentSecurityPolicy} must name it. */
  readonly script?: string;
}

/** A whole HTML document in the look of the practice's identity provider. Nothing in it comes from elsewhere. */
export function page({ title, body, script }: PageParts): string {
  // Elements whose hash the Content-Security-Policy names are written without white space around their content.
  const style = trustedHtml(`<style>${STYLE}</style>`);
  const scripts = script === undefined ? undefined : trustedHtml(`<script>${script}</script>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        ${style}
      </head>
      <body>
        <main>
          <p class="directory">Practice directory</p>
          <h1>${title}</h1>
          ${body}
        </main>
        <footer>
          Local practice identity provider, for trying out and testing on this machine. It is not
          Microsoft Entra ID.
        </footer>
        ${scripts}
      </body>
    </html>`.html;
}

/**
 * The Content-Security-Policy of all pages: our style sheet and scripts by their hash, and nothing from elsewhere.
 * @param formTargets - origins that a form may lead to besides our own: browsers apply `form-action` to redirects too,
 * and signing in ends with one to the viewer.
 * @param scripts - the scripts of our pages.
 */
export function contentSecurityPolicy(
  formTargets: Iterable<string>,
  scripts: readonly string[]
): string {
  return [
    "default-src 'none'",
    `style-src ${hashSource(STYLE)}`,
    // The library adds the hash of its own script to this list, which therefore must not be 'none'.
    `script-src ${scripts.map(hashSource).join(' ')}`,
    'img-src data:',
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers of our own pages. */
export function pageHeaders(policy: string): Record<string, string> {
  return { 'Content-Type': 'text/html; charset=utf-8', ...protectiveHeaders(policy) };
}

/** What keeps a page from being framed, cached, and led elsewhere. */
export function protectiveHeaders(policy: string): Record<string, string> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  };
}

function hashSource(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}
