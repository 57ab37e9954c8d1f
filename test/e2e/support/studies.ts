import { ACCOUNTS, SEED_STUDIES } from '@ohif-azure/emulator';

function seeded(index: number): string {
  const study = SEED_STUDIES[index];
  if (!study) throw new Error(`The seed has no study ${index}.`);
  return study.studyInstanceUID;
}

/** Study Instance UIDs of the seeded studies. */
export const CT = seeded(0);
export const MR = seeded(1);
export const CR = seeded(2);
export const ULTRASOUND = seeded(3);
export const PDF = seeded(4);

/** The name a colleague knows an account by. */
export function displayNameOf(username: string): string {
  const account = ACCOUNTS.find(each => each.username === username);
  if (!account) throw new Error(`The practice has no account ${username}.`);
  return account.displayName;
}
