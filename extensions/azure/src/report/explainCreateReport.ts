/** Names of the stock button in the viewer's languages, and of ours in the toolbar. */
const BUTTONS = '[data-cy="AzureCreateReport-btn"], button';
const LABELS = new Set(['Create SR', 'Créer SR', 'SR aanmaken']);

/**
 * Lets the "Create SR" buttons say beforehand why a report cannot be saved; the buttons stay usable, as pressing one says
 * what to do. The stock panel draws them anew all the time, so they are told when the pointer or the keyboard comes near.
 *
 * @param reason - undefined where nothing stands in the way
 */
export function explainCreateReport(reason: () => string | undefined): void {
  const tell = ({ target }: Event) => {
    const button = target instanceof Element ? target.closest<HTMLElement>(BUTTONS) : null;
    if (!button || !isCreateReport(button)) return;
    const words = reason();
    if (words) {
      button.title = words;
      button.setAttribute('aria-description', words);
    } else if (button.hasAttribute('aria-description')) {
      button.removeAttribute('title');
      button.removeAttribute('aria-description');
    }
  };
  document.addEventListener('pointerover', tell, true);
  document.addEventListener('focusin', tell, true);
}

function isCreateReport(button: HTMLElement): boolean {
  return (
    button.dataset.cy === 'AzureCreateReport-btn' || LABELS.has(button.textContent?.trim() ?? '')
  );
}
