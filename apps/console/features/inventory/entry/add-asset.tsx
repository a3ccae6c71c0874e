'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { Page } from '../../../design/page.tsx';
import { Select } from '../../../design/select.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../inventory.module.css';
import { typeChoice, typeWords } from '../words.ts';
import { ClassificationFields, classificationOf } from './classification-fields.tsx';
import { EnvironmentField, environmentOf } from './environment-field.tsx';

type Kind = keyof typeof typeWords;
const isKind = (name: string): name is Kind => name in typeWords;

/** INV-1: records what no scan can see. */
export function AddAsset() {
  const { client, may } = useSession();
  const router = useRouter();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const add = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? '').trim();
      const type = text('type');
      const owner = text('owner');
      const body = {
        name: text('name'),
        type: isKind(type) ? type : 'data-store',
        endpoint: text('endpoint'),
        ...(owner === '' ? {} : { owner }),
        ...environmentOf(form),
        ...classificationOf(form),
      };
      return run(() => client.createAsset({ body }));
    },
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['inventory', 'list'] });
      router.push(`/inventory/asset?id=${id}`);
    },
  });
  if (!may('asset.create')) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(new FormData(event.currentTarget));
  };
  return (
    <Page
      back={{ href: '/inventory', label: 'All assets' }}
      title="Add an asset"
      lead="What no scan can see: data stores, libraries, keys and whatever stands where the scanner may not go."
    >
      <form className={styles.columns} onSubmit={submit} aria-label="New asset">
        <Field label="Name" name="name" required maxLength={200} autoComplete="off" />
        <Select label="Kind" name="type" options={typeChoice} defaultValue="data-store" />
        <Field
          label="Where it is"
          name="endpoint"
          required
          maxLength={500}
          placeholder="db.internal:5432"
          autoComplete="off"
        />
        <Field label="Owner" name="owner" maxLength={200} autoComplete="off" />
        <EnvironmentField />
        <ClassificationFields />
        <div>
          <Button kind="primary" type="submit" isBusy={add.isPending}>
            Add it
          </Button>
        </div>
      </form>
      <ActionFailure error={add.error} doing="Adding the asset" />
      <p className={layout.muted}>An asset is the same one when kind, place and environment are: it exists once.</p>
      {prompt}
    </Page>
  );
}
