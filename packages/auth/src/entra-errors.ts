/** What an error of Microsoft Entra ID means, and what helps: for a message, never for a decision (the numbers may change). */
export interface EntraErrorAdvice {
  readonly meaning: string;
  readonly remedy: string;
  /** The page that tells of it. */
  readonly source: string;
}

/** The reference of Microsoft: its row of the same number. */
const LEARN = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes';

// prettier-ignore
const ROWS: readonly (readonly [number: number, source: string, meaning: string, remedy: string])[] = [
  // An application: secret, certificate, scope, tenant.
  [7000215, LEARN, 'the client secret is wrong', "set the secret's value, not its id"],
  [7000222, LEARN, 'the client secret has expired', 'make a new one in the app registration'],
  [700016, LEARN, 'the tenant does not know this client id', 'check client id and tenant id'],
  [90002, LEARN, 'there is no such tenant', 'check the tenant id in the token endpoint'],
  [500011, LEARN, 'the tenant does not know the service in the scope', 'check the scope: https://dicom.healthcareapis.azure.com/.default'],
  [1002012, 'https://github.com/MicrosoftDocs/azure-docs/issues/99862', 'the scope is not one for an application', 'use https://dicom.healthcareapis.azure.com/.default'],
  [70011, LEARN, 'the scope is not valid', 'check the scope'],
  [7000218, LEARN, 'the client secret is missing', 'register the redirect URI as a single-page application; for a device code, allow public client flows; a relay needs its client secret'],
  [700025, LEARN, 'the application is a public client', 'leave out secret and certificate, or register it without public client flows'],
  [700027, LEARN, 'the certificate is not the one that is registered, or the signature is wrong', 'register this certificate, and check client id and private key'],
  [700024, 'https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/issues/4951', 'the assertion is not valid at this time', 'set the clock of this machine'],
  [50012, LEARN, 'the certificate or its signature is not accepted', 'register this certificate, and check its validity'],
  [7000112, LEARN, 'the application is disabled', 'have the administrator enable it'],
  [50001, LEARN, 'the tenant does not know the resource', 'check the resource: https://dicom.healthcareapis.azure.com'],
  [50105, LEARN, 'no role in this application is assigned', 'have the administrator assign one'],
  [650057, LEARN, 'the app registration does not list the permission for this service', 'add the API permission of the DICOM service, and grant consent'],
  [90055, LEARN, 'too many requests come from this tenant', 'wait, then try again'],
  [50196, LEARN, 'the same request was made too often', 'wait a few minutes; look for a process that starts again and again'],
  // A device code.
  [70018, LEARN, 'the code was typed in wrongly', 'start again, and enter the new code'],
  [70019, LEARN, 'the code has expired', 'start again, and enter the new code in time'],
  // Users.
  [700084, LEARN, 'the sign-in of a single-page application ends after 24 hours', 'sign in again'],
  [700082, LEARN, 'the sign-in was unused for too long', 'sign in again'],
  [70008, LEARN, 'the sign-in was unused for too long', 'sign in again'],
  [70043, LEARN, 'the sign-in frequency of the organisation demands it', 'sign in again'],
  [50173, LEARN, 'the password was changed or the sign-in was revoked', 'sign in again'],
  [50076, LEARN, 'the organisation demands a second factor', 'sign in again'],
  [50079, LEARN, 'the organisation demands a second factor', 'sign in again'],
  [50078, LEARN, 'the second factor has expired', 'sign in again'],
  [50058, LEARN, 'nobody is signed in', 'sign in'],
  [65001, LEARN, 'nobody has agreed to the permissions yet', 'have the administrator grant consent'],
  [65004, LEARN, 'the permissions were declined', 'sign in again and accept them'],
  [90094, LEARN, 'only an administrator may agree to the permissions', 'have the administrator grant consent'],
  [50020, LEARN, 'this account is not of the organisation', "use the organisation's account"],
  [50034, LEARN, 'the organisation does not know this account', "check the user name, and use the organisation's account"],
  [50057, LEARN, 'the account is disabled', 'ask the administrator'],
  [50053, LEARN, 'the account is locked', 'wait, or ask the administrator'],
  [53003, LEARN, 'a rule of the organisation (Conditional Access) blocks it', 'ask the administrator'],
  [53000, LEARN, 'this device does not fulfil the rules of the organisation', 'ask the administrator'],
  // Registration of the viewer.
  [50011, LEARN, 'the redirect URI is not registered', 'register it as a single-page application'],
  [9002326, 'https://github.com/MicrosoftDocs/azure-docs/issues/100859', 'the redirect URI is not registered for single-page applications', 'register it as a single-page application'],
  [50194, LEARN, 'the application belongs to one tenant', "use the tenant's own authority, not `common`"],
  [700054, LEARN, 'the response type is not enabled', 'use the code flow'],
];

/** By number, without `AADSTS`: those which the flows of this package meet. Microsoft publishes no ranking; the choice is ours. */
const ADVICE: ReadonlyMap<number, EntraErrorAdvice> = new Map(
  ROWS.map(([number, source, meaning, remedy]) => [number, { meaning, remedy, source }])
);

/** The number of an error of Entra ID in an `error_description` (RFC 6749 5.2), or `undefined`. */
export function entraErrorNumber(description: string | null | undefined): number | undefined {
  const digits = /\bAADSTS(\d{4,8})\b/.exec(description?.slice(0, 2000) ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** What is known of an error number. */
export function entraErrorAdvice(number: number | undefined): EntraErrorAdvice | undefined {
  return number === undefined ? undefined : ADVICE.get(number);
}

const OAUTH_ERROR = /^[a-z0-9_]{1,64}$/i;

/**
 * An OAuth error in words, fit for a message: the error code of RFC 6749, the number of Entra ID, its meaning and the remedy.
 * The description itself is left out: it may name users and tenants.
 */
export function oauthErrorInWords(error: string, description?: string | null): string {
  const number = entraErrorNumber(description);
  const advice = entraErrorAdvice(number);
  const name = OAUTH_ERROR.test(error) ? error : 'unknown error';
  const code = number === undefined ? name : `${name}, AADSTS${number}`;
  return advice ? `${advice.meaning} (${code}); ${advice.remedy}` : code;
}
