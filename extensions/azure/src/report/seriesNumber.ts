/** Series Number of a study's reports begins after this one; the stock viewer's own choice for SR. */
export const FIRST_SERIES_NUMBER = 3000;
