import { html, trustedHtml, type Html } from './html.ts';
import { page } from './page.ts';

/** A page that tells one thing: an error, or what has been done. */
export interface MessagePage {
  readonly title: string;
  /** What happened and what to do, in words. */
  readonly text: string;
  /** Particulars for whoever looks into it. */
  readonly details?: Readonly<Record<string, string | undefined>>;
}

/** A page with a message. */
export function messagePage({ title, text, details = {} }: MessagePage): string {
  const rows = Object.entries(details).flatMap(([term, value]) =>
    value === undefined
      ? []
      : [
          html`<dt>${term}</dt>
            <dd>${value}</dd>`,
        ]
  );
  return page({
    title,
    body: html`<p role="alert">${text}</p>
      ${rows.length === 0 ? undefined : html`<dl>${rows}</dl>`}`,
  });
}

/**
 * Asks whether to sign out, for a request that does not say which application it comes from.
 * @param form - the library's form, whose id is `op.logoutForm`.
 */
export function signOutPage(form: string): string {
  return page({
    title: 'Sign out?',
    body: html`
      <p>
        You are signed in here. After signing out, the next sign-in asks for the password again.
      </p>
      ${trustedHtml(form)}
      ${actions(html`
        <button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
        <button type="submit" form="op.logoutForm" class="quiet">Stay signed in</button>
      `)}
    `,
  });
}

/** The form of {@link deviceCodePage}. */
export interface DeviceCodeForm {
  /** URL the form is sent to. */
  readonly action: string;
  /** The library's protection against forged forms. */
  readonly xsrf: string;
  /** What was wrong with the code entered before. */
  readonly problem: string | undefined;
}

/** Asks for the code that a program without a browser shows (RFC 8628 section 3.3). */
export function deviceCodePage({ action, xsrf, problem }: DeviceCodeForm): string {
  return page({
    title: 'Enter code',
    body: html`
      ${problem === undefined ? undefined : html`<p class="alert" role="alert">${problem}</p>`}
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <label for="user_code">Code that the program shows</label>
        <input id="user_code" name="user_code" autocomplete="off" required autofocus />
        <button type="submit" class="wide">Continue</button>
      </form>
    `,
  });
}

/**
 * Asks whether the code is the one that the person's own program shows (RFC 8628 section 5.4).
 * @param form - the library's form, whose id is `op.deviceConfirmForm`.
 */
export function deviceConfirmPage(form: string, application: string, userCode: string): string {
  return page({
    title: 'Is this your code?',
    body: html`
      <p class="lead">A program asks to sign in as you to <strong>${application}</strong></p>
      <p class="code">${userCode}</p>
      <p>Continue only if you started it and it shows this code.</p>
      ${trustedHtml(form)}
      ${actions(html`
        <button type="submit" form="op.deviceConfirmForm" data-cy="device-confirm">Continue</button>
        <button type="submit" form="op.deviceConfirmForm" class="quiet" name="abort" value="yes">
          Cancel
        </button>
      `)}
    `,
  });
}

function actions(buttons: Html): Html {
  return html`<p class="actions">${buttons}</p>`;
}
