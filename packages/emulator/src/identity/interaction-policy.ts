import type { interactionPolicy, KoaContextWithOIDC } from 'oidc-provider';
import { accountByName } from './accounts.ts';

type InteractionPolicy = typeof interactionPolicy;

/**
 * When a person has to do something: the library's rules for `prompt=login`, `max_age` and `id_token_hint`, and two of
 * Entra ID: `prompt=select_account` always shows the page, and a `login_hint` that names another account than the
 * one signed in asks for that account.
 */
export function createInteractionPolicy({
  base,
  Check,
  Prompt,
}: InteractionPolicy): interactionPolicy.DefaultPolicy {
  const policy = base();
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  policy
    .get('login')
    ?.checks.add(
      new Check(
        'login_hint',
        'login_hint names another account than the one signed in',
        'login_required',
        isHintOfAnotherAccount
      )
    );
  return policy;
}

function isHintOfAnotherAccount(ctx: KoaContextWithOIDC): boolean {
  const { session, params, result } = ctx.oidc;
  const hint = params?.['login_hint'];
  // Whoever has just signed in chose to; the hint is a hint.
  if (typeof hint !== 'string' || session?.accountId === undefined || result?.login) {
    return false;
  }
  const hinted = accountByName(hint);
  return hinted !== undefined && hinted.sub !== session.accountId;
}
