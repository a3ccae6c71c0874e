'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import layout from '../../design/layout.module.css';
import { Skeleton } from '../../design/skeleton.tsx';
import { Term } from '../../design/term.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';
import { emergencyDurations } from './durations.ts';
import { EmergencyRow } from './emergency-row.tsx';
import { type AskedRole, RoleAndReason } from './role-and-reason.tsx';

/** ACC-8: a role taken at once. The other administrators are told, and one of them must review it. */
export function Emergencies() {
  const { client, may } = useSession();
  const [isTaking, setIsTaking] = useState(false);
  const emergencies = useListing({
    queryKey: ['access', 'emergencies'],
    read: (cursor) => client.listBreakGlass({ query: { limit: 50, cursor, unreviewed: 'false' } }),
    things: 'emergencies',
    isEnabled: may('grant.read'),
  });
  return (
    <section className={layout.section} aria-label="Emergencies">
      <div className={layout.head}>
        <h2>
          <Term concept="break-glass">Emergencies</Term>
        </h2>
        {may('access.break-glass') ? (
          <Button kind="danger" onClick={() => setIsTaking(true)}>
            This is an emergency…
          </Button>
        ) : null}
      </div>
      {emergencies.failure}
      {emergencies.isWaiting ? <Skeleton label="Reading the emergencies" /> : null}
      {emergencies.isEmpty ? <p className={layout.muted}>Nobody has taken a role in an emergency.</p> : null}
      {emergencies.items.length === 0 ? null : (
        <ul className={layout.rows} aria-label="Emergencies">
          {emergencies.items.map((emergency) => (
            <EmergencyRow key={emergency.grantId} value={emergency} />
          ))}
        </ul>
      )}
      {emergencies.more}
      {isTaking ? <BreakGlass onClose={() => setIsTaking(false)} /> : null}
    </section>
  );
}

function BreakGlass({ onClose }: { readonly onClose: () => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const action = useGuardedAction();
  const take = (body: AskedRole) =>
    void action.run(
      () => client.breakGlass({ body }),
      () => {
        onClose();
        return queries.invalidateQueries({ queryKey: ['access'] });
      },
    );
  return (
    <Dialog title="Take a role in an emergency" onClose={onClose}>
      <p>You get the role at once. The other administrators are told now, and one of them reviews it afterwards.</p>
      <RoleAndReason
        label="Emergency"
        durations={emergencyDurations}
        press="Take the role now"
        kind="danger"
        isBusy={action.isBusy}
        onSubmit={take}
      >
        <ActionFailure error={action.error} doing="Taking the role" />
      </RoleAndReason>
      {action.prompt}
    </Dialog>
  );
}
