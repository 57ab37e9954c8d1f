/* global window, document, MutationObserver -- of the page */
/**
 * Runs in the viewer's page before its own scripts and notes when something is there, in the page's own clock. Only
 * what every data source has is looked at: the work list's rows, the viewports' canvases, the viewer's image cache.
 *
 * It sets `window.benchClock`: `firstList`, a promise; `listShown()` and `opened()`, see there.
 *
 * @param rowText what only the row of the measured study has
 */
export function installPageClock({ rowText }) {
  const PANE = '[data-cy="viewport-pane"]';
  const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';
  /** Side of the copy in which a canvas's pixels are looked at. */
  const SAMPLE = 64;
  /** Fewer grey values than this are an empty viewport with at most a mark in it. */
  const LEAST_GREYS = 16;
  const POLL_MS = 5;

  const sample = document.createElement('canvas');
  sample.width = sample.height = SAMPLE;
  const pixels = sample.getContext('2d', { willReadFrequently: true });

  // A page load may lead over the sign-in page and back: it begins with the first document of the viewer.
  window.sessionStorage.benchStart ??= window.performance.timeOrigin;
  const firstList = listShown().then(
    () =>
      window.performance.timeOrigin +
      window.performance.now() -
      Number(window.sessionStorage.benchStart)
  );
  window.benchClock = { firstList, listShown, opened };

  /** Settles when the measured study's row is in the work list and no viewport is on the page. */
  function listShown() {
    const isThere = () =>
      !document.querySelector(PANE) &&
      [...document.querySelectorAll('tbody tr')].some(row => row.textContent.includes(rowText));
    return new Promise(resolve => {
      const look = () => {
        if (!isThere()) return false;
        resolve();
        return true;
      };
      if (look()) return;
      const observer = new MutationObserver(() => look() && observer.disconnect());
      observer.observe(document, { subtree: true, childList: true, characterData: true });
    });
  }

  /**
   * To be called on the work list. From the next click on (the first of a double click), in milliseconds: `image`, when a
   * viewport was drawn for the first time with something in it; `all`, when every frame of that viewport's stack is
   * in the viewer's image cache (only with `waitsForAll`); `frames`, how many these are; `grey`, how many grey values the image has.
   */
  async function opened(waitsForAll) {
    const start = await nextClick();
    const { element, at, grey } = await firstImage();
    const image = at - start;
    if (!waitsForAll) return { image, grey };
    const frames = await allInCache(element);
    return { image, all: window.performance.now() - start, frames, grey };
  }

  function nextClick() {
    return new Promise(resolve => {
      document.addEventListener('click', event => resolve(event.timeStamp), {
        capture: true,
        once: true,
      });
    });
  }

  /**
   * The viewer says that it has drawn; the event does not bubble, but it can be caught on its way down. It comes for empty viewports as
   * well: they are passed over by what the viewport holds. To copy the pixels of each would keep the page waiting for the graphics
   * for up to 0.2 s without a graphics card, and whatever came meanwhile. The image's own are read to see that it is one, after the time was taken.
   */
  function firstImage() {
    return new Promise(resolve => {
      const look = ({ target }) => {
        if (!(target instanceof window.Element) || !target.closest(PANE)) return;
        const viewport = viewportOf(target);
        if (!viewport?.getCornerstoneImage?.()) return;
        const at = window.performance.now();
        const grey = greysOf(target.querySelector('canvas'));
        if (grey < LEAST_GREYS) return;
        document.removeEventListener(RENDERED, look, { capture: true });
        resolve({ element: target, at, grey });
      };
      document.addEventListener(RENDERED, look, { capture: true });
    });
  }

  function viewportOf(element) {
    return window.cornerstone
      .getRenderingEngines()
      .flatMap(engine => engine.getViewports())
      .find(each => each.element === element);
  }

  function greysOf(canvas) {
    if (!canvas?.width || !canvas.height) return 0;
    pixels.drawImage(canvas, 0, 0, SAMPLE, SAMPLE);
    const { data } = pixels.getImageData(0, 0, SAMPLE, SAMPLE);
    const values = new Set();
    for (let i = 0; i < data.length; i += 4) values.add(data[i]);
    return values.size;
  }

  function allInCache(element) {
    const { cache } = window.cornerstone;
    const imageIds = [...viewportOf(element).getImageIds()];
    const missing = [...imageIds];
    return new Promise(resolve => {
      const look = () => {
        while (missing.length > 0 && cache.isLoaded(missing.at(-1))) missing.pop();
        if (missing.length > 0) return;
        window.clearInterval(timer);
        resolve(imageIds.length);
      };
      const timer = window.setInterval(look, POLL_MS);
      look();
    });
  }
}
