'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { ChangedMeanwhile, isChangedMeanwhile } from '../../design/changed-meanwhile.tsx';
import { Code } from '../../design/code.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';

/** The organization itself: its name, and the id by which people with several accounts choose it. */
export function OrganizationName() {
  const { client, state, may } = useSession();
  const queries = useQueryClient();
  const id = state.status === 'signed-in' ? state.who.organizationId : '';
  const queryKey = ['settings', 'organization', id];
  const [draft, setDraft] = useState<string | null>(null);
  const organization = useQuery({ queryKey, queryFn: () => client.getOrganization({ params: { id } }) });
  const rename = useMutation({
    mutationFn: ({ name, version }: { readonly name: string; readonly version: number }) =>
      client.renameOrganization({ params: { id }, body: { name } }, { ifMatch: `"${version}"` }),
    onSuccess: () => setDraft(null),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const { data } = organization;
  if (data === undefined) {
    return organization.error === null ? (
      <Skeleton label="Reading the organization" />
    ) : (
      <Failure error={organization.error} doing="Reading the organization" />
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft !== null && draft.trim() !== '') rename.mutate({ name: draft.trim(), version: data.version });
  };
  return (
    <section className={layout.section} aria-label="Organization">
      <DetailList
        items={[
          ['Name', data.name],
          ['Id', <Code key="id" label="id of the organization" value={data.id} />],
          ['Here since', <Time key="since" value={data.createdAt} />],
        ]}
      />
      {may('organization.update') ? (
        <form className={layout.form} onSubmit={submit}>
          <Field
            label="Name of the organization"
            value={draft ?? data.name}
            onChange={({ target }) => setDraft(target.value)}
            required
            maxLength={200}
          />
          <Button type="submit" isBusy={rename.isPending} disabled={draft === null}>
            Rename
          </Button>
        </form>
      ) : null}
      {isChangedMeanwhile(rename.error) ? (
        <ChangedMeanwhile>
          <p>
            It is called <bdi>{data.name}</bdi> now.
          </p>
        </ChangedMeanwhile>
      ) : (
        <ActionFailure error={rename.error} doing="Renaming the organization" />
      )}
      {rename.isSuccess && draft === null ? <Notice kind="success" title="Renamed." /> : null}
    </section>
  );
}
