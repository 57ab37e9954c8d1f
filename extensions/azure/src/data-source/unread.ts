/** What of a study could not be read. */
export interface Unread {
  studyInstanceUID: string;
  what: 'study' | 'series';
  error: unknown;
}
