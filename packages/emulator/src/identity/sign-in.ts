import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { InteractionResults } from 'oidc-provider';
import { ACCOUNTS, accountByName, type PracticeAccount } from './accounts.ts';
import { messagePage } from './pages/message-page.ts';
import { pageHeaders } from './pages/page.ts';
import { signInPage, type SignInPage } from './pages/sign-in-page.ts';

const MAX_FORM_BYTES = 16 * 1024;
const WRONG_PASSWORD =
  'The user name or the password is not right. Passwords are case-sensitive; try again.';

/** What the sign-in page needs of its surroundings. */
export interface SignInContext {
  readonly provider: Provider;
  /** Content-Security-Policy of the page. */
  readonly policy: string;
}

/**
 * Serves the sign-in page of one authorization request: GET shows it, `?account=` with the fields filled,
 * `?cancel=1` goes back to the application with `access_denied`; POST signs in.
 * A request without its sign-in (expired, or begun in another browser) gets a page that says so.
 */
export async function handleSignIn(
  request: IncomingMessage,
  response: ServerResponse,
  { provider, policy }: SignInContext
): Promise<void> {
  const show = (status: number, document: string): void => {
    response.writeHead(status, pageHeaders(policy)).end(document);
  };
  const url = new URL(request.url ?? '/', 'http://localhost');
  let interaction;
  try {
    interaction = await provider.interactionDetails(request, response);
  } catch (error) {
    if ((error as { name?: unknown }).name !== 'SessionNotFound') throw error;
    return show(400, expiredPage());
  }
  const finish = (result: InteractionResults) =>
    provider.interactionFinished(request, response, result);

  // `prompt=consent`: consent was given for all by the administrator, so there is nothing to ask.
  if (interaction.prompt.name === 'consent') return finish({ consent: {} });
  if (url.searchParams.has('cancel')) {
    return finish({
      error: 'access_denied',
      error_description: 'the person cancelled the sign-in',
    });
  }
  const client = await provider.Client.find(String(interaction.params['client_id']));
  const view = (fields: Partial<SignInPage>): string =>
    signInPage({
      application: client?.clientName ?? 'this application',
      path: url.pathname,
      ...fields,
    });

  if (request.method !== 'POST') {
    const hint = interaction.params['login_hint'];
    return show(200, view(startingFields(url.searchParams.get('account'), hint)));
  }
  const form = await readForm(request);
  const username = form?.get('username') ?? '';
  const account = signedInAccount(username, form?.get('password') ?? '');
  if (account === undefined) return show(400, view({ username, problem: WRONG_PASSWORD }));
  return finish({
    login: { accountId: account.sub, amr: ['pwd'] },
    // All that was asked for is answered: whoever signs in has chosen an account.
    select_account: {},
    consent: {},
  });
}

function startingFields(chosen: string | null, hint: unknown): Partial<SignInPage> {
  const account = ACCOUNTS.find(one => one.username === chosen);
  if (account) return { username: account.username, password: account.password };
  return typeof hint === 'string' ? { username: accountByName(hint)?.username ?? hint } : {};
}

function signedInAccount(username: string, password: string): PracticeAccount | undefined {
  const account = accountByName(username);
  return account?.password === password ? account : undefined;
}

/** The fields of a form, or undefined when the body is none or too large. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_FORM_BYTES) chunks.push(chunk);
  }
  return length <= MAX_FORM_BYTES
    ? new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    : undefined;
}

function expiredPage(): string {
  return messagePage({
    title: 'Sign-in has expired',
    text: 'This sign-in was finished already, took too long, or was begun in another browser. Go back to the viewer and sign in again.',
  });
}
