import type { NaturalizedDataset, RenderedURL } from '../ohif.ts';
import { ContentMissingError } from '../viewport/explainProblem.ts';
import type { ReadingProblems } from '../viewport/ReadingProblems.ts';

/** Reads a document, and has its viewport say so when there is none: the stock viewport would stay black. */
export async function documentShown(
  problems: ReadingProblems | undefined,
  { SOPInstanceUID = '' }: NaturalizedDataset,
  read: () => Promise<RenderedURL>
): Promise<RenderedURL> {
  problems?.instanceLoaded(SOPInstanceUID);
  try {
    const shown = await read();
    if (!shown.url) throw new ContentMissingError('The instance has no encapsulated document.');
    return shown;
  } catch (error) {
    // Ended by the viewer itself: the viewport shows something else by now.
    if ((error as Error | undefined)?.name !== 'AbortError') {
      problems?.instanceFailed(SOPInstanceUID, error);
    }
    return { url: null };
  }
}
