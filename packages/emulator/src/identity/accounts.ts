/** What an account may do at the DICOM service: the Azure roles DICOM Data Owner and DICOM Data Reader. */
export type DicomRole = 'owner' | 'reader';

/** One account of the practice directory. */
export interface PracticeAccount {
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  /** Object id: the account's GUID in the directory, the same for every application. */
  readonly oid: string;
  /** Subject: as with Entra ID not the object id, so that code which confuses the two is found out. */
  readonly sub: string;
  /** User principal name, the `preferred_username` claim. */
  readonly userPrincipalName: string;
  /** Undefined: the account can sign in, and the service refuses it everything (403). */
  readonly role: DicomRole | undefined;
  /** What the account may do, in words, for the sign-in page. */
  readonly permits: string;
}

/** The three accounts of the local stack; the password is the user name. */
export const ACCOUNTS: readonly PracticeAccount[] = [
  {
    username: 'owner',
    password: 'owner',
    displayName: 'Maya Lindqvist',
    oid: '0a0e1f5c-7d0b-4c7e-8f57-5a1e6b0d0001',
    sub: 'pZ8cX0m2rVY5nQkTf1wLh7Jd3uBsGaE4oNiMxRyKt01',
    userPrincipalName: 'owner@practice.example',
    role: 'owner',
    permits: 'View images and save reports',
  },
  {
    username: 'reader',
    password: 'reader',
    displayName: 'Daniel Osei',
    oid: '0a0e1f5c-7d0b-4c7e-8f57-5a1e6b0d0002',
    sub: 'wK3vD9b6tHqP1sZrCe8yUj5Lg0fXnAo2mViTqEhRb02',
    userPrincipalName: 'reader@practice.example',
    role: 'reader',
    permits: 'View images only',
  },
  {
    username: 'nobody',
    password: 'nobody',
    displayName: 'Front Desk',
    oid: '0a0e1f5c-7d0b-4c7e-8f57-5a1e6b0d0003',
    sub: 'hT6gS4k1xNwM7cJpBv2dYo9Qe5iLrUa8zFuOyWlGm03',
    userPrincipalName: 'nobody@practice.example',
    role: undefined,
    permits: 'No access to images',
  },
];

/** The object id of the relay's service principal. It has the role DICOM Data Owner. */
export const RELAY_OID = '0a0e1f5c-7d0b-4c7e-8f57-5a1e6b0d0100';

/** The account that a person means by a user name or user principal name; letter case does not count. */
export function accountByName(name: string): PracticeAccount | undefined {
  const wanted = name.trim().toLowerCase();
  return ACCOUNTS.find(
    account => account.username === wanted || account.userPrincipalName === wanted
  );
}

/** The account with this subject. */
export function accountBySubject(sub: string): PracticeAccount | undefined {
  return ACCOUNTS.find(account => account.sub === sub);
}

/**
 * The role of whoever an access token is for, by its object id (`oid`). As with Azure, roles are assignments at
 * the service and not claims of the access token.
 * @param claims - the claims of an access token whose signature, issuer and audience were checked already.
 * @returns undefined for an account without a role, an unknown one, and claims without an object id.
 */
export function roleOf(claims: Record<string, unknown>): DicomRole | undefined {
  if (claims['oid'] === RELAY_OID) {
    return 'owner';
  }
  return ACCOUNTS.find(account => account.oid === claims['oid'])?.role;
}
