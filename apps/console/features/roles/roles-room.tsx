'use client';
import type { RoleView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { RoleForm } from './role-form.tsx';
import styles from './roles.module.css';

/** Built-in and custom roles with all that each may; custom ones can be made and changed. */
export function RolesRoom() {
  const { client, may } = useSession();
  const [isNew, setIsNew] = useState(false);
  const roles = useQuery({
    queryKey: ['people', 'roles'],
    queryFn: () => client.listRoles({ query: { limit: 200 } }),
    enabled: may('role.read'),
  });
  if (!may('role.read')) return null;
  return (
    <Page
      title="Roles"
      lead="A role is a list of permissions. A grant gives it to somebody, for a place and a time."
      actions={
        may('role.create') ? (
          <Button kind="primary" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
            New role
          </Button>
        ) : null
      }
    >
      {isNew ? <RoleForm value={null} onDone={() => setIsNew(false)} /> : null}
      {roles.error === null ? null : <Failure error={roles.error} doing="Reading the roles" />}
      <ul className={layout.rows} aria-label="Roles">
        {roles.data?.items.map((role) => (
          <li key={role.name} className={styles.role}>
            <Role value={role} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function Role({ value: role }: { readonly value: RoleView }) {
  const { may } = useSession();
  const [isChanging, setIsChanging] = useState(false);
  return (
    <>
      <h2>
        <bdi>{role.name}</bdi> <span className={styles.muted}>{role.builtIn ? 'built in' : 'custom'}</span>
      </h2>
      {role.description === '' ? null : (
        <p>
          <bdi>{role.description}</bdi>
        </p>
      )}
      <details>
        <summary>{role.permissions.length === 1 ? '1 permission' : `${role.permissions.length} permissions`}</summary>
        <p>{role.permissions.join(', ')}</p>
      </details>
      {role.id !== null && may('role.update') ? (
        <div>
          <Button aria-expanded={isChanging} onClick={() => setIsChanging(!isChanging)}>
            Change<span className="hidden-text"> {role.name}</span>
          </Button>
        </div>
      ) : null}
      {isChanging ? <RoleForm value={role} onDone={() => setIsChanging(false)} /> : null}
    </>
  );
}
