import type { Explanation } from './explainProblem.ts';

const CLASS = 'ohif-azure oa-viewport-message';

/**
 * Puts a message into a viewport's pane, changes the one that is there, or takes it away. It is our own element, beside
 * the viewer's own: React of the viewer never renders it.
 *
 * @param isBand - along the lower edge: there is an image, which must not be covered
 */
export function showMessage(
  pane: Element,
  explanation: Explanation | undefined,
  isBand: boolean
): void {
  const existing = pane.querySelector<HTMLElement>(':scope > [data-cy="azure-viewport-message"]');
  if (!explanation) {
    existing?.remove();
    return;
  }
  const { cause, title, body } = explanation;
  const message = existing ?? document.createElement('section');
  const className = isBand ? `${CLASS} oa-band` : CLASS;
  if (message.className !== className) message.className = className;
  if (message.dataset.cause !== cause || message.dataset.text !== `${title} ${body}`) {
    message.dataset.cy = 'azure-viewport-message';
    message.dataset.cause = cause;
    message.dataset.text = `${title} ${body}`;
    message.setAttribute('role', 'status');
    message.replaceChildren(line('strong', title), line('p', body));
  }
  if (!existing) pane.append(message);
}

function line(tag: 'strong' | 'p', content: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: content });
}
