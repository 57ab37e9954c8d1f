import { POPUP_STATE } from './provider.ts';
import { ANSWER_SOURCE, answerChannel, stateIdentifier } from './sign-in-popup.ts';

/** A moment for the answer to leave the window before it closes, in milliseconds. */
const CLOSE_DELAY_MS = 100;

/**
 * To be called first on the callback page. When this window is a sign-in window, hands the provider's answer to the page that opened it,
 * empties the page, closes the window, and returns true: nothing else is to be done then. Otherwise returns false.
 *
 * It goes by the `state` of the answer, since neither the opener nor the window's name survives a cross-origin opener policy. The page that
 * waits takes the answer only when it has asked for it.
 */
export function completePopupIfAny(): boolean {
  const url = new URL(window.location.href);
  const { searchParams } = url;
  const isAnswer = searchParams.has('code') || searchParams.has('error');
  if (!isAnswer || searchParams.get('state')?.split(';')[1] !== POPUP_STATE) return false;
  const message = { source: ANSWER_SOURCE, url: url.href };
  // One way reaches the opener in a frame of another site, the other one an opener that is cut off; it takes the first that arrives.
  const opener = window.opener as Window | null;
  opener?.postMessage(message, window.location.origin);
  if (typeof BroadcastChannel !== 'undefined') {
    const channel = new BroadcastChannel(answerChannel(stateIdentifier(url)));
    channel.postMessage(message);
    channel.close();
  }
  // The code is not to stay in the address bar if the browser keeps the window open.
  window.history.replaceState(null, '', url.pathname);
  const notice = document.createElement('p');
  notice.textContent = 'You can close this window.';
  document.body?.replaceChildren(notice);
  setTimeout(() => window.close(), CLOSE_DELAY_MS);
  return true;
}
