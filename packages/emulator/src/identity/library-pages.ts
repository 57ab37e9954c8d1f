import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import {
  deviceCodePage,
  deviceConfirmPage,
  messagePage,
  signOutPage,
} from './pages/message-page.ts';

/** What an error of the library means to the person in front of it. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  invalid_redirect_uri:
    'The address to return to is not registered for this application, so you were not sent there. Register the address the viewer is opened at, or open the viewer at a registered one.',
  invalid_client:
    'The application is not registered here. Check the client id in the configuration of the viewer.',
  server_error: 'Something failed here. Try again; if it fails again, restart the local stack.',
};
const GENERAL_EXPLANATION =
  'The request could not be carried out. Go back to the viewer and try again.';

/** Shows an error that cannot be sent to the application, because no address of it can be trusted. */
export const renderError: NonNullable<Configuration['renderError']> = (ctx, out) => {
  const { redirect_uri: redirectUri, client_id: clientId } = ctx.query;
  show(
    ctx,
    messagePage({
      title: 'Sign-in cannot go on',
      text: EXPLANATIONS[out.error] ?? GENERAL_EXPLANATION,
      details: {
        Error: out.error,
        Description: out.error_description,
        Application: typeof clientId === 'string' ? clientId : undefined,
        Address: typeof redirectUri === 'string' ? withoutQuery(redirectUri) : undefined,
      },
    })
  );
};

/**
 * Signs out. An application that names itself (`id_token_hint` or `client_id`) is trusted with it, as Entra ID does, and
 * no page asks; the address to return to was checked before. Refresh tokens live on, as Entra ID's do.
 * @param sessionPath - path of the session's cookie.
 * @see OpenID Connect RP-Initiated Logout 1.0 section 2.
 */
export function createSignOut(sessionPath: string) {
  return async (ctx: KoaContextWithOIDC, form: string): Promise<void> => {
    const { session, client, params, provider } = ctx.oidc;
    if (!client || !session) return show(ctx, signOutPage(form));
    await session.destroy();
    ctx.cookies.set(provider.cookieName('session'), null, { path: sessionPath });
    const target = params?.['post_logout_redirect_uri'];
    const state = params?.['state'];
    const location = new URL(
      typeof target === 'string' ? target : ctx.oidc.urlFor('end_session_success')
    );
    if (typeof target === 'string' && typeof state === 'string') {
      location.searchParams.set('state', state);
    }
    ctx.redirect(location.href);
    ctx.status = 303;
  };
}

/** Tells that the sign-out is done, where no address to return to was given. */
export function signedOut(ctx: KoaContextWithOIDC): void {
  show(
    ctx,
    messagePage({ title: 'Signed out', text: 'You are signed out. You can close this window.' })
  );
}

/** Asks for a device code, and says what was wrong with the one before. */
export function askDeviceCode(
  ctx: KoaContextWithOIDC,
  _form: string,
  out?: object,
  error?: { name?: string; userCode?: string }
): void {
  const isAborted = error?.name === 'AbortedError';
  if (isAborted) {
    return show(
      ctx,
      messagePage({ title: 'Cancelled', text: 'The sign-in of the program was cancelled.' })
    );
  }
  show(
    ctx,
    deviceCodePage({
      action: ctx.oidc.urlFor('code_verification'),
      xsrf: String(ctx.oidc.session?.state?.['secret']),
      problem: out && 'This code is not known, or was used or has expired. Check it and try again.',
    })
  );
}

/** Asks whether a device code is the person's own. */
export function confirmDeviceCode(
  ctx: KoaContextWithOIDC,
  form: string,
  client: { clientName?: string; clientId: string },
  _device: unknown,
  userCode: string
): void {
  show(ctx, deviceConfirmPage(form, client.clientName ?? client.clientId, userCode));
}

/** Tells that the program is signed in. */
export function deviceSignedIn(ctx: KoaContextWithOIDC): void {
  show(
    ctx,
    messagePage({
      title: 'Signed in',
      text: 'The program is signed in. You can close this window and go back to it.',
    })
  );
}

function show(ctx: KoaContextWithOIDC, document: string): void {
  ctx.type = 'html';
  ctx.body = document;
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '');
}
