import { createHash } from 'node:crypto';

/** The page's only style sheet. Colours have a contrast of 4.5:1 or more on their grounds (WCAG 2.1, 1.4.3). */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b2530; --soft: #55636f; --line: #d5dce2; --ground: #f6f8fa; --card: #fff;
  --ok: #17693a; --warn: #8a5300; --bad: #b3261e; --bar: #2f6fb0; --bad-bar: #c4473f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #a3b0bc; --line: #35414c; --ground: #12181e; --card: #1b232b;
  --ok: #6fcf97; --warn: #f0b45b; --bad: #ff8f87; --bar: #6ea8de; --bad-bar: #ff8f87; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; color: var(--ink); background: var(--ground); }
header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
header { display: flex; gap: 16px; align-items: baseline; justify-content: space-between; flex-wrap: wrap; padding-top: 20px; }
h1 { font-size: 20px; margin: 0; } h2 { font-size: 16px; margin: 28px 0 8px; }
p { margin: 6px 0; } .soft, footer { color: var(--soft); } footer { padding-block: 24px; font-size: 13px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(135px, 1fr)); gap: 12px; margin: 16px 0 0; padding: 0; list-style: none; }
.cards li, section.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
.cards b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; line-height: 1.2; }
.ok { color: var(--ok); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.alert { border-left: 4px solid var(--bad); background: var(--card); padding: 10px 14px; margin: 12px 0; }
.table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line); }
th, td { text-align: left; padding: 7px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; font-size: 13px; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code { font: 12.5px ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
button, input { font: inherit; padding: 5px 12px; border-radius: 6px; border: 1px solid var(--line); background: var(--card); color: var(--ink); }
button { cursor: pointer; } button.main { background: var(--bar); color: var(--card); border-color: var(--bar); }
:focus-visible { outline: 3px solid var(--bar); outline-offset: 2px; }
form { display: inline; } td.actions { white-space: nowrap; } a { color: var(--bar); } form.sign-in { display: flex; gap: 8px; flex-wrap: wrap; align-items: end; } label { font-size: 13px; color: var(--soft); }
label input { display: block; } svg { display: block; width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 11px; }
td.address { min-width: 17em; } th[scope=row] { white-space: nowrap; } td { overflow-wrap: break-word; } svg { overflow: visible; }
@media (max-width: 640px) {
  svg text { font-size: 22px; } header, main, footer { padding: 0 14px; } header { padding-top: 16px; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td, th[scope=row] { display: block; border: 0; } table { background: none; }
  tr { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 6px 0; margin-bottom: 10px; }
  td, th[scope=row] { padding: 4px 14px; font-size: 15px; overflow-wrap: anywhere; } td.address { min-width: 0; }
  td::before { content: attr(data-label); display: block; font-size: 13px; color: var(--soft); } td:empty { display: none; }
}
.bar { fill: var(--bar); } .bad-bar { fill: var(--bad-bar); } .grid { stroke: var(--line); stroke-width: 1; }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** Nothing from anywhere, no script at all, this one style sheet; forms to the relay alone; in no frame. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
