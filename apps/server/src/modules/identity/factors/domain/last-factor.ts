import { factorErrors } from './errors.ts';

/** ACC-5: whoever must have a second factor keeps one. `left`: how many there are after the removal. */
export function needFactorLeft(input: { readonly isRequired: boolean; readonly left: number }): void {
  if (input.isRequired && input.left === 0) throw factorErrors.FACTORS_LAST_REQUIRED();
}

/** Second factors are of people who sign in: an API key must not be able to change them, whatever it may otherwise. */
export function needPerson(actor: { readonly kind: string; readonly credential: { readonly kind: string } }): void {
  if (actor.kind !== 'user' || actor.credential.kind !== 'session') throw factorErrors.FACTORS_USERS_ONLY();
}
