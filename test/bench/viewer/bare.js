/* global window -- of the page */
/**
 * What the service, the line and one look at each pixel take without a viewer, from a page of the viewer's origin: the limit from
 * first principles.
 *
 * - `list`: one search of the studies.
 * - `image`: the metadata of the study, then one frame.
 * - `all`: the metadata of the study, then the series by one multipart retrieve, read as it comes, and one pass over its bytes as 16-bit
 *   pixels, which is what decoding uncompressed pixels takes at the least.
 *
 * A context of its own each time: no preflight is remembered and no line open.
 */
import { step } from './step.js';

export async function measureBare({ browser, stack, study, authorization, latencyMs, options }) {
  const figures = {};
  for (const kind of kindsFor(options.steps)) {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${stack.viewer}/manifest.json`);
      figures[kind] = await step(
        `bare ${kind}, ${study.label}, ${latencyMs} ms`,
        options.limitMs,
        page.evaluate(retrieve, {
          kind,
          authorization,
          root: stack.dicom,
          studyInstanceUID: study.studyInstanceUID,
        })
      );
    } finally {
      await context.close();
    }
  }
  return figures;
}

/** A second opening stands beside the same figures as a first one. */
function kindsFor(steps) {
  return ['list', 'image', 'all'].filter(
    kind => steps.includes(kind) || (kind !== 'list' && steps.includes('second'))
  );
}

async function retrieve({ kind, root, studyInstanceUID, authorization }) {
  const JSON_TYPE = 'application/dicom+json';
  const ask = async (path, Accept) => {
    const answer = await window.fetch(`${root}/${path}`, {
      headers: { Authorization: authorization, Accept },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  };
  const uid = (instance, tag) => instance[tag].Value[0];

  const start = window.performance.now();
  let bytes = 0;
  if (kind === 'list') {
    bytes = (await (await ask('studies?limit=101', JSON_TYPE)).text()).length;
  } else {
    const metadata = await (await ask(`studies/${studyInstanceUID}/metadata`, JSON_TYPE)).json();
    const [first] = metadata;
    const series = `studies/${studyInstanceUID}/series/${uid(first, '0020000E')}`;
    if (kind === 'image') {
      const answer = await ask(
        `${series}/instances/${uid(first, '00080018')}/frames/1`,
        'multipart/related; type="application/octet-stream"; transfer-syntax=*'
      );
      bytes = (await answer.arrayBuffer()).byteLength;
    } else {
      const answer = await ask(
        series,
        'multipart/related; type="application/dicom"; transfer-syntax=*'
      );
      let least = 0;
      for await (const chunk of answer.body) {
        bytes += chunk.byteLength;
        const words = new Int16Array(chunk.slice(0, chunk.byteLength & ~1).buffer);
        for (let i = 0; i < words.length; i += 1) if (words[i] < least) least = words[i];
      }
    }
  }
  return { seconds: (window.performance.now() - start) / 1000, bytes };
}
