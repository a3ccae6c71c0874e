'use client';
import { permissions } from '@quantumvault/api';
import { useState } from 'react';
import { Select } from '../../design/select.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './api-keys.module.css';

/**
 * What a key may, of what its maker holds: what one does not hold, one cannot give, so it is not offered. The narrow choice
 * comes first: a key for everything is made on purpose alone.
 */
export function PermissionChoice() {
  const { may } = useSession();
  const [scope, setScope] = useState('some');
  return (
    <>
      <Select
        label="It may"
        name="scope"
        value={scope}
        onChange={({ target }) => setScope(target.value)}
        options={[
          ['some', 'only what is chosen here'],
          ['all', 'all that its owner may'],
        ]}
      />
      {scope === 'some' ? (
        <fieldset className={styles.permissions}>
          <legend>Rights of the key</legend>
          {permissions.filter(may).map((name) => (
            <label key={name}>
              <input type="checkbox" name="permission" value={name} /> {name}
            </label>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}
