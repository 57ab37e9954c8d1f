/** All of our styles, under one class: the viewer's Tailwind is purged, and ours must not reach it. */
export const STYLES = `
.ohif-azure { font: 14px/1.45 Inter, system-ui, -apple-system, 'Segoe UI', sans-serif; color: #e8edf5; }
.ohif-azure *, .ohif-azure *::before { box-sizing: border-box; }
.ohif-azure p { margin: 0 0 8px; }
.ohif-azure [hidden] { display: none; }
.ohif-azure .oa-button, .ohif-azure .oa-chip { font: inherit; color: inherit; cursor: pointer; border-radius: 6px; }
.ohif-azure .oa-button { background: #23304a; border: 1px solid #3b4d70; padding: 5px 12px; }
.ohif-azure .oa-button:hover { background: #2d3d5e; }
.ohif-azure .oa-primary { background: #2f6fd1; border-color: #2f6fd1; color: #fff; }
.ohif-azure .oa-primary:hover { background: #3b7de4; }
.ohif-azure .oa-quiet { background: transparent; border-color: transparent; color: #a9bddd; }
.ohif-azure button:focus-visible, .ohif-azure h1:focus-visible { outline: 2px solid #7fb2ff; outline-offset: 2px; }
.ohif-azure .oa-actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
.ohif-azure .oa-muted { color: #93a3bf; }

.ohif-azure .oa-stack {
  position: fixed; right: 16px; bottom: 16px; z-index: 10000; width: min(440px, calc(100vw - 32px)); max-height: calc(100vh - 32px);
  display: flex; flex-direction: column; gap: 10px; align-items: flex-end; pointer-events: none;
}
.ohif-azure .oa-stack > * { pointer-events: auto; width: 100%; }
.ohif-azure .oa-status {
  background: #121a2b; border: 1px solid #33415f; border-left: 4px solid #7f8fae; border-radius: 8px;
  padding: 14px 16px; box-shadow: 0 8px 30px rgb(0 0 0 / .6);
}
.ohif-azure .oa-status h2 { margin: 0 0 6px; font-size: 15px; font-weight: 600; color: #fff; display: flex; gap: 8px; }
.ohif-azure .oa-mark { flex: none; width: 20px; text-align: center; }
.ohif-azure .oa-good { border-left-color: #3fb56f; } .ohif-azure .oa-good .oa-mark { color: #5fd38d; }
.ohif-azure .oa-bad { border-left-color: #e0605a; } .ohif-azure .oa-bad .oa-mark { color: #ff8a84; }
.ohif-azure .oa-remark { border-left-color: #e0a63c; } .ohif-azure .oa-remark .oa-mark { color: #f4c264; }
.ohif-azure .oa-busy { border-left-color: #5a9bf6; } .ohif-azure .oa-busy .oa-mark { color: #8fbcff; }
.ohif-azure .oa-notice { background: #2b2413; border-radius: 4px; padding: 6px 8px; }
.ohif-azure .oa-details { margin-top: 8px; }
.ohif-azure .oa-details pre {
  margin: 0 0 4px; padding: 8px; max-height: 180px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 12px/1.4 ui-monospace, Menlo, Consolas, monospace; background: #0a101d; border-radius: 4px; color: #cdd8ea;
}

.ohif-azure .oa-drafts {
  max-height: 50vh; overflow: auto;
  background: #121a2b; border: 1px solid #33415f; border-left: 4px solid #e0a63c; border-radius: 8px;
  padding: 12px 16px; box-shadow: 0 8px 30px rgb(0 0 0 / .6);
}
.ohif-azure .oa-drafts h2 { margin: 0 0 8px; font-size: 14px; font-weight: 600; color: #f4c264; }
.ohif-azure .oa-drafts ul { margin: 0; padding: 0; list-style: none; }
.ohif-azure .oa-drafts li + li { margin-top: 12px; padding-top: 12px; border-top: 1px solid #2a3854; }
.ohif-azure .oa-drafts-off {
  margin: 0; padding: 5px 12px; font-size: 12.5px; color: #f4c264; background: #2b2413; border-radius: 6px;
}

.ohif-azure .oa-session { position: fixed; top: 9px; left: 300px; z-index: 9000; display: flex; gap: 6px; }
.ohif-azure .oa-chip {
  display: flex; align-items: center; gap: 7px; max-width: 220px; padding: 5px 9px; font-size: 12.5px;
  background: #121a2b; border: 1px solid #2a3854;
}
.ohif-azure .oa-chip:hover { background: #1b263d; }
.ohif-azure .oa-icon { padding: 5px 8px; color: #a9bddd; }
.oa-viewport-message.ohif-azure {
  position: absolute; z-index: 5; top: 50%; left: 50%; transform: translate(-50%, -50%); width: min(400px, 90%);
  padding: 12px 16px; background: #121a2b; border: 1px solid #33415f; border-left: 4px solid #e0a63c; border-radius: 8px; pointer-events: none;
}
.oa-viewport-message.oa-band { top: auto; bottom: 58px; left: 8px; transform: none; width: min(380px, 55%); padding: 6px 12px; font-size: 13px; }
.oa-viewport-message strong { color: #fff; } .oa-viewport-message p { margin: 4px 0 0; }
.ohif-azure .oa-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.ohif-azure .oa-aside { display: grid; gap: 6px; justify-items: end; }
.ohif-azure .oa-warn { border-color: #e0a63c; color: #f4c264; max-width: 440px; }
.ohif-azure .oa-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ohif-azure .oa-dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: #e0a63c; }
.ohif-azure .oa-on { background: #4fc27d; }
.ohif-azure .oa-menu {
  position: absolute; top: 38px; left: 0; width: 300px; padding: 14px 16px;
  background: #121a2b; border: 1px solid #33415f; border-radius: 8px; box-shadow: 0 8px 30px rgb(0 0 0 / .6);
}

/* Over the foot of the study list: it covers neither the image with its overlays nor the tools. */
.ohif-azure .oa-note, .ohif-azure .oa-again { position: fixed; left: 8px; bottom: 8px; }
.ohif-azure .oa-note {
  width: 270px; max-width: calc(100vw - 16px); padding: 12px 14px; overflow-wrap: anywhere;
  background: #121a2b; border: 1px solid #33415f; border-left: 4px solid #e0a63c; border-radius: 8px;
  box-shadow: 0 8px 30px rgb(0 0 0 / .6);
}
.ohif-azure .oa-note.oa-busy { border-left-color: #5a9bf6; }
.ohif-azure .oa-note h2 { margin: 0 0 4px; font-size: 14px; font-weight: 600; color: #fff; }

/* Below the work list, whose height makes room for it: nothing of the list is covered. */
html.oa-has-bar .h-screen { height: calc(100vh - 44px); }
.ohif-azure .oa-bar {
  position: fixed; left: 0; right: 0; bottom: 0; z-index: 8000; height: 44px; padding: 0 16px; overflow: hidden;
  display: flex; align-items: center; gap: 20px; font-size: 13px; line-height: 1.3;
  background: #0d1423; border-top: 1px solid #2a3854; color: #f4c264;
}
.ohif-azure .oa-bar p { margin: 0; }
.ohif-azure .oa-partition { flex: none; display: flex; align-items: center; gap: 8px; color: #a9bddd; }
.ohif-azure .oa-partition select {
  font: inherit; color: #e8edf5; background: #121a2b; border: 1px solid #3b4d70; border-radius: 6px; padding: 4px 8px; max-width: 220px;
}
.ohif-azure .oa-partition select:focus-visible { outline: 2px solid #7fb2ff; outline-offset: 2px; }

.ohif-azure .oa-page {
  position: fixed; inset: 0; z-index: 20000; overflow: auto; display: flex; padding: 32px 16px; background: #070b14;
}
.ohif-azure .oa-page-box {
  margin: auto; width: min(520px, 100%); padding: 28px 32px; background: #121a2b; border: 1px solid #2a3854; border-radius: 10px;
}
.ohif-azure .oa-wide { width: min(820px, 100%); }
.ohif-azure .oa-page h1 { margin: 0 0 12px; font-size: 20px; font-weight: 600; color: #fff; }
.ohif-azure .oa-page h1:focus { outline: none; }
.ohif-azure .oa-problems { list-style: none; margin: 16px 0 0; padding: 0; }
.ohif-azure .oa-problems li { padding: 10px 0; border-top: 1px solid #2a3854; }
.ohif-azure .oa-problems code { font: 600 13px/1.4 ui-monospace, Menlo, Consolas, monospace; color: #9cc3ff; overflow-wrap: anywhere; }
.ohif-azure .oa-problems dl { display: grid; grid-template-columns: 90px 1fr; gap: 2px 12px; margin: 4px 0 0; }
.ohif-azure .oa-problems dt { color: #93a3bf; }
.ohif-azure .oa-problems dd { margin: 0; overflow-wrap: anywhere; }
/* Between logo and tools there is room on wide screens only. */
@media (max-width: 1600px) { .ohif-azure .oa-session .oa-chip { max-width: 150px; } }
@media (max-width: 1380px) {
  .ohif-azure .oa-session { top: auto; bottom: 8px; left: 8px; }
  .ohif-azure .oa-session .oa-menu { top: auto; bottom: 38px; z-index: 1; }
  .ohif-azure .oa-bar { padding-left: 270px; }
  .ohif-azure .oa-note { bottom: 46px; }
  .ohif-azure .oa-again { position: static; }
}
@media print { .ohif-azure { display: none; } }
`;
