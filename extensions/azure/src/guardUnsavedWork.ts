import type { AzureRuntime } from './runtime.ts';

/** Whether leaving the page now would lose something: it is in no report, and no draft has it. */
export function wouldLose({
  controller,
  measurementDrafts,
}: Pick<AzureRuntime, 'controller' | 'measurementDrafts'>): boolean {
  return controller.hasUnsaved || measurementDrafts.hasUnkept();
}

/** What is about to be lost is written down first; where that cannot be, the user is asked before the page is left. */
export function guardUnsavedWork(runtime: AzureRuntime): void {
  const { measurementDrafts, session } = runtime;
  window.addEventListener('beforeunload', event => {
    void measurementDrafts.flush();
    if (wouldLose(runtime)) event.preventDefault();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void measurementDrafts.flush();
  });
  session?.onBeforeRedirect(async () => {
    await measurementDrafts.flush();
    if (wouldLose(runtime)) throw new Error('There is work on this page that could not be kept.');
  });
}
