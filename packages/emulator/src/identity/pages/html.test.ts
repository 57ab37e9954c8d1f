import { html, trustedHtml } from './html.ts';

describe('html', () => {
  it.each([
    ['text', `<script>"&'`, '&lt;script&gt;&quot;&amp;&#39;'],
    ['nothing', undefined, ''],
    ['a piece', html`<b>${'<'}</b>`, '<b>&lt;</b>'],
    ['pieces', [html`<i></i>`, html`<b></b>`], '<i></i>\n<b></b>'],
    ['trusted markup', trustedHtml('<hr>'), '<hr>'],
  ])('inserts %s', (_what, value, want) => {
    expect(html`[${value}]`.html).toBe(`[${want}]`);
  });
});
