'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import { Notice } from '../../../design/notice.tsx';
import { Page } from '../../../design/page.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../inventory.module.css';
import { ClassificationFields, classificationOf } from './classification-fields.tsx';
import { EnvironmentField, environmentOf } from './environment-field.tsx';
import { readImport } from './import-files.ts';

/** The file itself is at fault; nothing was sent. */
class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** INV-5: takes in certificates, and scans that were made where this server may not go. */
export function ImportAssets() {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const take = useMutation({
    mutationFn: async (form: FormData) => {
      const file = form.get('file');
      if (!(file instanceof File)) throw new UnreadableFileError('Choose a file.');
      const read = readImport(new Uint8Array(await file.arrayBuffer()));
      const { tags: _, ...classification } = classificationOf(form);
      const more = { ...environmentOf(form), ...classification };
      if (read.kind === 'unreadable') throw new UnreadableFileError(read.why);
      if (read.kind === 'scans') {
        return run(() => client.importTls({ body: { results: [...read.results], ...more } }));
      }
      return run(() => client.importCertificates({ body: { certificates: [...read.certificates], ...more } }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['inventory'] }),
  });
  if (!may('asset.scan')) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    take.mutate(new FormData(event.currentTarget));
  };
  return (
    <Page
      back={{ href: '/inventory', label: 'All assets' }}
      title="Import"
      lead="Certificates in PEM or DER, or what “qv scan tls --json” printed where this server may not go."
    >
      <form className={styles.columns} onSubmit={submit} aria-label="Import">
        <Field label="File" name="file" type="file" required accept=".pem,.crt,.cer,.der,.json" />
        <EnvironmentField />
        <ClassificationFields hasTags={false} />
        <div>
          <Button kind="primary" type="submit" isBusy={take.isPending}>
            Import
          </Button>
        </div>
      </form>
      {take.error instanceof UnreadableFileError ? (
        <Notice kind="danger" title="Nothing was imported.">
          <p>{take.error.message}</p>
        </Notice>
      ) : (
        <ActionFailure error={take.error} doing="The import" />
      )}
      {take.data === undefined ? null : (
        <Notice kind="success" title={`Taken in: ${take.data.items.length}.`}>
          <p>
            <Link href="/inventory?sort=newest">See what is new</Link>
          </p>
        </Notice>
      )}
      {prompt}
    </Page>
  );
}
