'use client';
import { permissions } from '@quantumvault/api';
import { useState } from 'react';
import { PermissionBoxes } from '../../design/permission-boxes.tsx';
import { Select } from '../../design/select.tsx';
import { useSession } from '../../session/session.tsx';

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
      {scope === 'some' ? <PermissionBoxes legend="Rights of the key" names={permissions.filter(may)} /> : null}
    </>
  );
}
