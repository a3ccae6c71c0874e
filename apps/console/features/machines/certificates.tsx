'use client';
import type { ClientCertificateView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import layout from '../../design/layout.module.css';
import { Select } from '../../design/select.tsx';
import { TextArea } from '../../design/text-area.tsx';
import { Time } from '../../design/time.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';
import { useNames } from '../people/use-names.ts';

const matches = [
  ['certificate', 'this certificate alone'],
  ['names', 'every one of the same issuer and subject, so that it may be renewed'],
] as const;

/** Certificates that stand for machines: of all, or of one, where a new one can be bound. */
export function Certificates({ subjectId }: { readonly subjectId?: string }) {
  const { client, may } = useSession();
  const [isNew, setIsNew] = useState(false);
  const ofSubject = subjectId === undefined ? {} : { subjectId };
  const certificates = useListing({
    queryKey: ['machines', 'certificates', subjectId ?? 'all'],
    read: (cursor) => client.listClientCertificates({ query: { limit: 50, cursor, ...ofSubject } }),
    things: 'certificates',
  });
  return (
    <section className={layout.section} aria-label="Client certificates">
      <div className={layout.head}>
        <h2>Client certificates</h2>
        {subjectId !== undefined && may('client-certificate.bind') ? (
          <Button onClick={() => setIsNew(true)}>Bind a certificate</Button>
        ) : null}
      </div>
      {certificates.failure}
      {certificates.isEmpty ? (
        <p className={layout.muted}>
          None stands for {subjectId === undefined ? 'a machine. One is bound on the page of its account.' : 'it.'}
        </p>
      ) : null}
      {certificates.items.length === 0 ? null : (
        <ul className={layout.rows} aria-label="Client certificates">
          {certificates.items.map((certificate) => (
            <Certificate key={certificate.id} value={certificate} />
          ))}
        </ul>
      )}
      {certificates.more}
      {isNew && subjectId !== undefined ? <Bind subjectId={subjectId} onClose={() => setIsNew(false)} /> : null}
    </section>
  );
}

function Certificate({ value }: { readonly value: ClientCertificateView }) {
  const { client, may } = useSession();
  const nameOf = useNames();
  const queries = useQueryClient();
  const action = useGuardedAction();
  const unbind = () =>
    action.run(
      () => client.unbindClientCertificate({ params: { id: value.id } }),
      () => queries.invalidateQueries({ queryKey: ['machines'] }),
    );
  return (
    <li className={layout.row}>
      <div className={layout.main}>
        <strong>
          <bdi>{value.subjectName}</bdi>
        </strong>
        <span className={layout.muted}>
          issued by <bdi>{value.issuerName}</bdi>
        </span>
        <span>
          stands for <bdi>{nameOf(value.subjectId)}</bdi>:{' '}
          {value.match === 'certificate' ? 'this one alone' : 'and each that bears its names'}
        </span>
        <ActionFailure error={action.error} doing="Unbinding" />
      </div>
      <span>
        good until <Time value={value.notAfter} />
      </span>
      {may('client-certificate.unbind') ? (
        <Button kind="danger" isBusy={action.isBusy} onClick={() => void unbind()}>
          Unbind<span className="hidden-text"> {value.subjectName}</span>
        </Button>
      ) : null}
      {action.prompt}
    </li>
  );
}

function Bind({ subjectId, onClose }: { readonly subjectId: string; readonly onClose: () => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const action = useGuardedAction();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const match = form.get('match') === 'names' ? ('names' as const) : ('certificate' as const);
    const body = { subjectId, match, certificate: String(form.get('certificate') ?? '').trim() };
    void action.run(
      () => client.bindClientCertificate({ body }),
      async () => {
        await queries.invalidateQueries({ queryKey: ['machines'] });
        onClose();
      },
    );
  };
  return (
    <Dialog title="Bind a certificate" onClose={onClose}>
      <form className={layout.stack} onSubmit={submit}>
        <TextArea
          label="Certificate (PEM)"
          name="certificate"
          hint="The certificate alone, never its private key"
          required
          maxLength={64_000}
          spellCheck={false}
        />
        <Select label="It stands for the machine" name="match" options={matches} />
        <ActionFailure error={action.error} doing="Binding the certificate" />
        <div>
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Bind
          </Button>
        </div>
      </form>
      {action.prompt}
    </Dialog>
  );
}
