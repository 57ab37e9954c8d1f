import { ACCOUNTS, type PracticeAccount } from '../accounts.ts';
import { html, type Html } from './html.ts';
import { page } from './page.ts';

/** What the sign-in page shows. */
export interface SignInPage {
  /** The application that asks, as a person knows it. */
  readonly application: string;
  /** Path of this page; the form is sent to it. */
  readonly path: string;
  /** What the fields start with. */
  readonly username?: string;
  readonly password?: string;
  /** Why the last attempt failed, in words. */
  readonly problem?: string;
}

/** Fills the fields in place where scripts run; without, the links load this page with the fields filled. */
export const FILL_IN_SCRIPT = `
const form = document.forms[0];
for (const link of document.querySelectorAll('[data-account]')) {
  link.addEventListener('click', event => {
    event.preventDefault();
    for (const field of [form.username, form.password]) {
      field.value = link.dataset.account;
      field.removeAttribute('aria-invalid');
    }
    document.getElementById('problem')?.remove();
    for (const other of document.querySelectorAll('[data-account]')) other.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'true');
    form.querySelector('button').focus();
  });
}
`;

/** The page on which a person signs in. */
export function signInPage(view: SignInPage): string {
  const { application, path, username = '', password = '', problem } = view;
  const isFilled = username !== '' && password !== '';
  // Where typing goes on: the first empty field, or the button when there is none.
  const focus = isFilled ? 'submit' : username === '' ? 'username' : 'password';
  return page({
    title: 'Sign in',
    script: FILL_IN_SCRIPT,
    body: html`
      <p class="lead">to continue to <strong>${application}</strong></p>
      ${
        problem === undefined
          ? undefined
          : html`<p class="alert" role="alert" id="problem" data-cy="sign-in-problem">
              ${problem}
            </p>`
      }
      <form method="post" action="${path}">
        <label for="username">User name</label>
        <input
          id="username"
          name="username"
          value="${username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          ${invalid(problem)}
          ${autofocus(focus === 'username')}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          value="${password}"
          autocomplete="current-password"
          required
          ${invalid(problem)}
          ${autofocus(focus === 'password')}
        />
        <p class="actions">
          <button
            type="submit"
            class="grow"
            data-cy="sign-in-submit"
            ${autofocus(focus === 'submit')}
          >
            Sign in
          </button>
          <a class="button quiet" href="${path}?cancel=1" data-cy="sign-in-cancel">Cancel</a>
        </p>
      </form>
      <section class="accounts" aria-labelledby="accounts">
        <h2 id="accounts">Practice accounts (password is the user name)</h2>
        <ul>
          ${ACCOUNTS.map(account => accountLink(account, path, isFilled ? username : ''))}
        </ul>
      </section>
    `,
  });
}

function accountLink(account: PracticeAccount, path: string, chosen: string): Html {
  const { username, displayName, permits } = account;
  return html`<li>
    <a
      href="${path}?account=${username}"
      data-account="${username}"
      data-cy="account-${username}"
      ${username === chosen ? html`aria-current="true"` : undefined}
    >
      <span class="name">${displayName}</span>
      <span class="user">${username}</span>
      <span class="permits">${permits}</span>
    </a>
  </li>`;
}

function autofocus(isHere: boolean): Html | undefined {
  return isHere ? html`autofocus` : undefined;
}

function invalid(problem: string | undefined): Html | undefined {
  return problem === undefined ? undefined : html`aria-invalid="true" aria-describedby="problem"`;
}
