'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';
import { EnvironmentDialog } from './environment-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import styles from './organization.module.css';
import { Organizations } from './organizations.tsx';
import { EnvironmentNode } from './tree.tsx';

/** ACC-1: the organization as a tree of environments, projects and services; rights hold on a place and below it. */
export function OrganizationRoom() {
  const { client, state, may } = useSession();
  const queries = useQueryClient();
  const [isRenaming, setIsRenaming] = useState(false);
  const id = state.status === 'signed-in' ? state.who.organizationId : '';
  const organization = useQuery({
    queryKey: ['organization', id],
    queryFn: () => client.getOrganization({ params: { id } }),
    enabled: id !== '' && may('organization.read'),
  });
  const own = organization.data;
  const rename = (name: string) =>
    client.renameOrganization({ params: { id }, body: { name } }, { ifMatch: `"${own?.version}"` });
  if (!may('environment.read')) return null;
  return (
    <Page
      title={own === undefined ? 'Organization' : <bdi>{own.name}</bdi>}
      lead="What is given on an environment or a project holds for all that stands in it."
      actions={
        own !== undefined && may('organization.update') ? (
          <Button onClick={() => setIsRenaming(true)}>Rename the organization</Button>
        ) : null
      }
    >
      {organization.error === null ? null : <Failure error={organization.error} doing="Reading the organization" />}
      <Tree />
      {may('organization.list') ? <Organizations /> : null}
      {isRenaming && own !== undefined ? (
        <NameDialog
          title="Rename the organization"
          name={own.name}
          save={rename}
          onSaved={() => queries.invalidateQueries({ queryKey: ['organization'] })}
          onClose={() => setIsRenaming(false)}
        />
      ) : null}
    </Page>
  );
}

function Tree() {
  const { client, may } = useSession();
  const [isNew, setIsNew] = useState(false);
  const environments = useListing({
    // Pages, and not the one page that the choices of other rooms keep.
    queryKey: ['places', 'tree'],
    read: (cursor) => client.listEnvironments({ query: { limit: 50, cursor } }),
    things: 'environments',
  });
  return (
    <section className={layout.section} aria-label="Environments">
      <div className={layout.head}>
        <h2>Environments</h2>
        {may('environment.create') ? (
          <Button kind="primary" onClick={() => setIsNew(true)}>
            New environment
          </Button>
        ) : null}
      </div>
      {environments.failure}
      {environments.isWaiting ? <Skeleton label="Reading the environments" /> : null}
      {environments.isEmpty ? <p>No environment that you may see.</p> : null}
      <ul className={styles.tree}>
        {environments.items.map((environment, index) => (
          // The first few are open: most organizations have no more, and each that is open is a question to the server.
          <EnvironmentNode key={environment.id} value={environment} isOpenAtFirst={index < 4} />
        ))}
      </ul>
      {environments.more}
      {isNew ? <EnvironmentDialog value={null} onClose={() => setIsNew(false)} /> : null}
    </section>
  );
}
