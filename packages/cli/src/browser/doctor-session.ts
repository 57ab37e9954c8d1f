import { createBrowserSession, type BrowserSession } from '@ohif-azure/auth/browser';
import type { Deployment } from '@ohif-azure/dicomweb/doctor';

/**
 * The session of this tab, the same one as the viewer's: who is signed in there is signed in here.
 * @returns undefined where the deployment has no sign-in.
 */
export async function openSession({
  authority,
  clientId,
  scopes,
  redirectPath = '/callback',
  dialect,
}: Deployment): Promise<BrowserSession | undefined> {
  if (!authority || !clientId || !scopes) return undefined;
  const session = createBrowserSession({
    authority,
    clientId,
    scopes,
    redirectUri: new URL(redirectPath, location.origin).href,
    signedOutUri: new URL('/signed-out', location.origin).href,
    service: { dialect },
  });
  // What is wrong with the sign-in is what this page is to find: it shows when somebody signs in.
  await session.start(new URL(location.href)).catch(() => undefined);
  return session;
}
