import { readFileSync, writeFileSync } from 'node:fs';
import { settingsMarkdown } from '@ohif-azure/core/settings';

const FILE = new URL('../../docs/settings.md', import.meta.url);

/** docs/settings.md as the manifest would have it. */
function generated(current: string): string {
  return current.replace(
    /(<!-- table: (serviceUrl|roots) -->\n)[^]*?(<!-- end -->)/g,
    (_whole, start: string, form: 'serviceUrl' | 'roots', end: string) =>
      `${start}\n${settingsMarkdown(form)}\n\n${end}`
  );
}

/** After a change of the manifest: `UPDATE_DOCS=1 npm test -- test/conformance/settings-doc`. */
it('docs/settings.md has the tables of the manifest', () => {
  const current = readFileSync(FILE, 'utf8');
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, generated(current));
  expect(readFileSync(FILE, 'utf8')).toBe(generated(current));
});
