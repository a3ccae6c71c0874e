'use client';
import type { AuditEventView, QuantumVaultClient } from '@quantumvault/api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from '../../design/button.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { Failure } from '../../design/failure.tsx';
import { Notice } from '../../design/notice.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { ProofSteps } from '../audit/proof-steps.tsx';
import { keysFor, verifyEvent } from '../audit/verify-events.ts';

const unplacedMs = 1_000;

/** What the log says of the first asset that the scan found; of anything, where nothing was scanned. */
async function eventOf(client: QuantumVaultClient, scanId: string): Promise<AuditEventView | null> {
  if (scanId !== '') {
    const { items } = await client.listScanTargets({ params: { id: scanId }, query: { limit: 100 } });
    const assetId = items.find((target) => target.assetId !== null)?.assetId ?? null;
    if (assetId !== null) {
      const { items: found } = await client.listAudit({ query: { resourceId: assetId, limit: 1 } });
      if (found[0] !== undefined) return found[0];
    }
  }
  return (await client.listAudit({ query: { limit: 1 } })).items[0] ?? null;
}

/** AUD-6: the event of what was found, and its proof, computed in this page. */
export function FirstProof({ scanId }: { readonly scanId: string }) {
  const { client, state, may } = useSession();
  const organizationId = state.status === 'signed-in' ? state.who.organizationId : '';
  const event = useQuery({
    queryKey: ['audit', 'welcome', scanId],
    queryFn: () => eventOf(client, scanId),
    enabled: may('audit.read'),
    // A new event has its place in the log after a moment.
    refetchInterval: ({ state: { data } }) => (data?.logIndex === null ? unplacedMs : false),
  });
  const check = useMutation({
    mutationFn: async (given: AuditEventView) =>
      verifyEvent(client, { organizationId, event: given, ...(await keysFor(client, null)) }),
  });
  if (!may('audit.read')) return <Notice kind="info" title="Your role does not read the log." />;
  if (event.error !== null) return <Failure error={event.error} doing="Reading the log" />;
  if (event.isPending) return <Skeleton label="Reading the log" />;
  const { data } = event;
  if (data === null) return <Notice kind="info" title="The log is empty. Go back and scan something." />;
  return (
    <>
      <DetailList
        items={[
          ['Event', data.action],
          [
            'About',
            <bdi key="resource">
              {data.resource.type} {data.resource.id}
            </bdi>,
          ],
          ['Time', <Time key="time" value={data.time} />],
        ]}
      />
      <div>
        <Button
          kind="primary"
          isBusy={check.isPending}
          disabled={data.logIndex === null}
          onClick={() => check.mutate(data)}
        >
          Verify in this browser
        </Button>
      </div>
      {check.error === null ? null : <Failure error={check.error} doing="Getting the proof" />}
      {check.data === undefined ? null : <ProofSteps check={check.data} />}
    </>
  );
}
