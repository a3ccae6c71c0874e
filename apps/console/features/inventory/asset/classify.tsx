'use client';
import type { AssetView } from '@quantumvault/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { useStepUp } from '../../../design/step-up.tsx';
import { Term } from '../../../design/term.tsx';
import { useSession } from '../../../session/session.tsx';
import { ClassificationFields, classificationOf } from '../entry/classification-fields.tsx';
import styles from '../inventory.module.css';

/** How much an asset matters is for people to say; the risk is computed anew at once. */
export function Classify({ asset }: { readonly asset: AssetView }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const save = useMutation({
    mutationFn: (form: FormData) => {
      const owner = String(form.get('owner') ?? '').trim();
      const { tags, ...classification } = classificationOf(form);
      const body = { ...classification, tags, owner: owner === '' ? null : owner };
      // Whoever has changed it meanwhile is not written over: the server compares the version.
      return run(() => client.classifyAsset({ params: { id: asset.id }, body }, { ifMatch: `"${asset.version}"` }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['inventory'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(new FormData(event.currentTarget));
  };
  return (
    <section className={layout.section} aria-label="Classify">
      <h2>
        <Term concept="sensitivity">How much it matters</Term>
      </h2>
      <form className={styles.columns} onSubmit={submit} aria-label="Classification">
        <ClassificationFields asset={asset} />
        <Field label="Owner" name="owner" defaultValue={asset.owner ?? ''} maxLength={200} />
        <div>
          <Button kind="primary" type="submit" isBusy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
      <ActionFailure error={save.error} doing="Saving" />
      {prompt}
    </section>
  );
}
