/**
 * Every study opens. The service does not say a study's modalities unless asked, and the stock modes refuse
 * a study of unknown modality (`''`).
 */
export function isValidMode(_input: { modalities?: string }): { valid: true; description: string } {
  return { valid: true, description: 'Opens every study.' };
}
