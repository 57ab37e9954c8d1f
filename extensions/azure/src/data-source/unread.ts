/** What of a study could not be read. */
export interface Unread {
  studyInstanceUID: string;
  /** `news`: what was added to a study that is shown as it was before. */
  what: 'study' | 'series' | 'news';
  error: unknown;
}
