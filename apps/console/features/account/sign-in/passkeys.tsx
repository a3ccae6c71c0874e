'use client';
import type { QuantumVaultClient } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { Notice } from '../../../design/notice.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { Term } from '../../../design/term.tsx';
import { useAction } from '../../../design/use-action.ts';
import { makePasskey, PasskeyKnownError, passkeyObstacle, placeOfPasskeys } from '../../../session/passkeys.ts';
import { useSession } from '../../../session/session.tsx';
import { Passkey } from './passkey.tsx';

export type PasskeyView = Awaited<ReturnType<QuantumVaultClient['getSecondFactors']>>['passkeys'][number];

/** ACC-2: passkeys, each with the name that its owner gave it. */
export function Passkeys({
  passkeys,
  onCodes,
}: {
  readonly passkeys: readonly PasskeyView[];
  /** Recovery codes come with the first factor. */
  readonly onCodes: (codes: readonly string[]) => void;
}) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  // The answer holds recovery codes: no cache of calls may keep it.
  const adding = useAction();
  const add = async (form: HTMLFormElement) => {
    const name = String(new FormData(form).get('name') ?? '').trim();
    const ceremony = await run(() => client.startPasskey());
    const credential = await makePasskey(ceremony);
    const body = { challengeId: ceremony.challengeId, name, credential };
    const { recoveryCodes } = await run(() => client.registerPasskey({ body }));
    form.reset();
    if (recoveryCodes.length > 0) onCodes(recoveryCodes);
    await queries.invalidateQueries({ queryKey: ['account', 'factors'] });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    void adding.run(() => add(form));
  };
  return (
    <section className={layout.section} aria-label="Passkeys">
      <h2>
        <Term concept="passkey">Passkeys</Term>
      </h2>
      <p className={layout.muted}>
        A passkey signs you in with your finger, face or device PIN: there is nothing to type, so nothing that a false
        page could take.
      </p>
      {passkeys.length === 0 ? (
        <p>You have no passkey yet.</p>
      ) : (
        <ul className={layout.rows} aria-label="Passkeys">
          {passkeys.map((passkey) => (
            <Passkey key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
      {passkeyObstacle() === null ? (
        <form className={layout.form} onSubmit={submit}>
          <Field label="Name of a new passkey" placeholder="Laptop" name="name" required maxLength={100} />
          <Button kind="primary" type="submit" isBusy={adding.isBusy}>
            Add a passkey
          </Button>
        </form>
      ) : (
        <Elsewhere />
      )}
      {adding.error instanceof PasskeyKnownError ? (
        <Notice kind="info" title="This device has a passkey of yours already.">
          <p>Nothing was changed. Use another device, or remove the passkey that is there first.</p>
        </Notice>
      ) : (
        <ActionFailure error={adding.error} doing="Adding the passkey" />
      )}
      {prompt}
    </section>
  );
}

/** Passkeys are bound to a name: at a bare address there is only the way to where they work. */
function Elsewhere() {
  const place = placeOfPasskeys();
  return (
    <Notice kind="info" title="Passkeys do not work on this page.">
      <p>
        {passkeyObstacle()} {place === null ? null : <a href={place}>Go to where passkeys work</a>}
      </p>
    </Notice>
  );
}
