'use client';
import type { AssetView } from '@quantumvault/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { useStepUp } from '../../../design/step-up.tsx';
import { useSession } from '../../../session/session.tsx';

type End = 'archive' | 'merge' | 'withdraw';
const words: Readonly<Record<End, { readonly button: string; readonly title: string; readonly about: string }>> = {
  archive: {
    button: 'Archive…',
    title: 'Archive the asset',
    about: 'It leaves the inventory; its history and the log stay. Use it for what is no longer in use.',
  },
  merge: {
    button: 'Merge…',
    title: 'Merge it into another entry',
    about: 'For two entries that are the same thing. This one goes, with its tags and times taken over by the other.',
  },
  withdraw: {
    button: 'Withdraw…',
    title: 'Withdraw the entry',
    about: 'For an entry that was a mistake from the start. Its history and the log stay.',
  },
};

/** INV-1: the three ways in which an asset leaves the inventory, each said before it is done. */
export function AssetEnds({ asset }: { readonly asset: AssetView }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const [chosen, setChosen] = useState<End | null>(null);
  const end = useMutation({
    mutationFn: async ({ kind, form }: { readonly kind: End; readonly form: FormData }) => {
      const params = { id: asset.id };
      const reason = String(form.get('reason') ?? '').trim();
      const intoId = String(form.get('into') ?? '')
        .trim()
        .toLowerCase();
      await run(async () => {
        if (kind === 'archive') await client.archiveAsset({ params });
        else if (kind === 'merge') await client.mergeAsset({ params, body: { intoId, reason } });
        else await client.withdrawAsset({ params, body: { reason } });
      });
    },
    onSuccess: () => setChosen(null),
    onSettled: () => queries.invalidateQueries({ queryKey: ['inventory'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (chosen !== null) end.mutate({ kind: chosen, form: new FormData(event.currentTarget) });
  };
  return (
    <section className={layout.section} aria-label="Leaving the inventory">
      <h2>Take it out of the inventory</h2>
      <div className={layout.form}>
        {(['archive', 'merge', 'withdraw'] as const).map((kind) => (
          <Button
            key={kind}
            kind={kind === 'archive' ? 'plain' : 'danger'}
            onClick={() => {
              end.reset();
              setChosen(kind);
            }}
          >
            {words[kind].button}
          </Button>
        ))}
      </div>
      {chosen === null ? null : (
        <Dialog title={words[chosen].title} onClose={() => setChosen(null)}>
          <form className={layout.section} onSubmit={submit}>
            <p>{words[chosen].about}</p>
            {chosen === 'merge' ? (
              <Field
                label="Id of the entry that stays"
                name="into"
                required
                pattern="\s*[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\s*"
                hint="Its page shows it, with a button that copies it."
              />
            ) : null}
            {chosen === 'archive' ? null : <Field label="Why" name="reason" required maxLength={1000} />}
            <ActionFailure error={end.error} doing="This" />
            <div>
              <Button kind="danger" type="submit" isBusy={end.isPending}>
                {words[chosen].title}
              </Button>
            </div>
          </form>
        </Dialog>
      )}
      {prompt}
    </section>
  );
}
