/**
 * The style sheet of all pages: dark, as for a reading room. Texts have a contrast of at least 4.5 to 1 and the borders
 * of controls 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).
 */
export const STYLE = `
:root { color-scheme: dark; }
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: 20px 16px 16px;
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 14px;
  background: #090d12; color: #e6edf3;
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
main {
  width: 100%; max-width: 440px; padding: 26px 36px 24px;
  background: #121921; border: 1px solid #25303c; border-radius: 10px;
}
.directory { margin: 0 0 10px; color: #9fb0c3; font-size: 13px; letter-spacing: 0.02em; }
h1 + .alert { margin-top: 14px; }
h1 { margin: 0 0 4px; font-size: 26px; font-weight: 600; line-height: 1.25; }
h2 { margin: 0 0 8px; font-size: 13px; font-weight: 600; color: #9fb0c3; }
p { margin: 0 0 14px; }
.lead { color: #b9c6d4; margin-bottom: 16px; }
.lead strong { display: block; color: #e6edf3; font-weight: 600; }
label { display: block; margin-bottom: 5px; font-size: 14px; font-weight: 500; }
input {
  width: 100%; height: 42px; margin-bottom: 12px; padding: 0 12px;
  font: inherit; color: #f0f5fa; background: #0b1016; border: 1px solid #66788b; border-radius: 6px;
}
input:hover { border-color: #8496a8; }
input[aria-invalid] { border-color: #f2777a; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center;
  min-height: 42px; padding: 0 20px; font: inherit; font-weight: 600; cursor: pointer; text-decoration: none;
  color: #ffffff; background: #1f66c9; border: 1px solid #1f66c9; border-radius: 6px;
}
button:hover, .button:hover { background: #2a72d8; border-color: #2a72d8; }
button.wide { width: 100%; }
.quiet { color: #d5dee8; background: transparent; border-color: #66788b; }
.quiet:hover { background: #1b2530; border-color: #8496a8; }
:focus-visible { outline: 2px solid #79b8ff; outline-offset: 2px; }
.alert {
  margin: 0 0 14px; padding: 8px 14px; color: #ffd9d6;
  background: #34171a; border: 1px solid #a8474b; border-radius: 6px; font-size: 14px;
}
a { color: #8cc0ff; }
.accounts { margin: 18px 0 0; padding-top: 14px; border-top: 1px solid #25303c; }
.accounts ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 6px; }
.accounts a {
  display: grid; grid-template-columns: 1fr auto; gap: 0 12px; padding: 6px 12px; line-height: 1.4;
  color: #e6edf3; text-decoration: none; background: #0e141b; border: 1px solid #33414f; border-radius: 6px;
}
.accounts a:hover { background: #18222d; border-color: #5a6c7e; }
.accounts a[aria-current] { border-color: #4c94ee; background: #13233a; }
.accounts .name { font-weight: 500; }
.accounts .user { color: #9fb0c3; font: 13px/1.6 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
.accounts .permits { grid-column: 1 / -1; color: #9fb0c3; font-size: 13px; }
dl { margin: 0 0 18px; display: grid; grid-template-columns: auto 1fr; gap: 4px 14px; font-size: 14px; }
dt { color: #9fb0c3; }
dd { margin: 0; overflow-wrap: anywhere; }
.code { font: 600 28px/1.4 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; letter-spacing: 0.08em; }
.actions { display: flex; flex-wrap: wrap; gap: 10px; margin: 4px 0 0; }
.actions .grow { flex: 1; }
footer { max-width: 440px; color: #8696a7; font-size: 12px; text-align: center; }
@media (max-width: 480px) { body { padding: 0; } main { border: 0; border-radius: 0; padding: 24px 20px; } }
@media (prefers-reduced-motion: no-preference) {
  button, .button, input, .accounts a { transition: background-color 0.12s, border-color 0.12s; }
}
`;
