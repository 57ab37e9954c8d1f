import {
  ALTERNATIVE_TAGS,
  extendedQueryTags,
  type DicomwebClient,
  type ExtendedQueryTag,
} from '@ohif-azure/dicomweb';

/** Answers by which a service says that it has none, or none for this user. */
const NONE = [400, 401, 403, 404, 405, 501];
/** A search does not wait longer than this for what would only add to it. */
const TIMEOUT_MS = 5000;

/**
 * Asks for the extended query tags that help the work list's filters, once on a page: at the first search that can use them. Where the
 * service does not answer they are asked for again next time.
 *
 * @returns a function that never fails
 */
export function searchTags(client: DicomwebClient): () => Promise<readonly ExtendedQueryTag[]> {
  let known: Promise<readonly ExtendedQueryTag[]> | undefined;
  const ask = async () => {
    try {
      const all = await extendedQueryTags(client, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      return all.filter(
        ({ path, level, isSearchable }) =>
          isSearchable && level === 'Study' && Object.hasOwn(ALTERNATIVE_TAGS, path)
      );
    } catch (error) {
      const { httpStatus } = error as { httpStatus?: number };
      if (!httpStatus || !NONE.includes(httpStatus)) known = undefined;
      return [];
    }
  };
  return () => (known ??= ask());
}
