'use client';
import { ApiProblemError } from '@quantumvault/api';
import { Field } from '../../design/field.tsx';

/** What is wrong with a chosen password, as the organization's policy says; null when it was something else. */
export function passwordProblems(error: unknown): string | null {
  if (!(error instanceof ApiProblemError) || error.problem.code !== 'IDENTITY_PASSWORD_WEAK') return null;
  const found = error.problem.errors?.map(({ message }) => message) ?? [];
  return found.length === 0
    ? error.problem.detail
    : found.map((message) => `It ${message.replace(/\.$/, '')}.`).join(' ');
}

/** A new password. It can be looked at: typing it twice only teaches to copy it. */
export function ChosenPassword({ error }: { readonly error: unknown }) {
  return (
    <Field
      label="New password"
      hint="A few words that belong to nobody else are better than signs in a word"
      name="new-password"
      type="password"
      autoComplete="new-password"
      required
      maxLength={256}
      error={passwordProblems(error)}
      isRevealable
    />
  );
}
