'use client';
import type { AuditEventView, QuantumVaultClient } from '@quantumvault/api';
import { useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { useSession } from '../../session/session.tsx';
import type { AuditFilter } from './audit-filter.ts';
import { PinnedKeysField } from './pinned-keys.tsx';
import { keysFor, type PinnedKeys, verifyEvent } from './verify-events.ts';

/** More is a matter for an export: each proof is a request. */
const eventsMax = 500;

interface Verdict {
  readonly proven: number;
  readonly failed: readonly AuditEventView[];
  readonly isCut: boolean;
  /** Of any of them, each once. */
  readonly notChecked: readonly string[];
}

async function proveAll(input: {
  readonly client: QuantumVaultClient;
  readonly organizationId: string;
  readonly filter: AuditFilter;
  readonly pinned: PinnedKeys;
  readonly onProgress: (done: number) => void;
}): Promise<Verdict> {
  const { client, filter } = input;
  const failed: AuditEventView[] = [];
  const notChecked = new Set<string>();
  let [done, proven]: [number, number] = [0, 0];
  let cursor: string | undefined;
  const { keys, keysFrom } = await keysFor(client, input.pinned);
  do {
    const page = await client.listAudit({ query: { ...filter, limit: 50, cursor } });
    for (const event of page.items) {
      const check = await verifyEvent(client, { organizationId: input.organizationId, event, keys, keysFrom });
      for (const open of check.notChecked) notChecked.add(open);
      if (check.isProven) proven += 1;
      else failed.push(event);
      done += 1;
      input.onProgress(done);
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && done < eventsMax);
  return { proven, failed, isCut: cursor !== undefined, notChecked: [...notChecked] };
}

/** Proves every event that the filter lists, one by one, in this page. */
export function ProveAll({ filter }: { readonly filter: AuditFilter }) {
  const { client, state } = useSession();
  const [pinned, setPinned] = useState<PinnedKeys>(null);
  const [done, setDone] = useState(0);
  const run = useMutation({
    mutationFn: (organizationId: string) => proveAll({ client, organizationId, filter, pinned, onProgress: setDone }),
  });
  if (state.status !== 'signed-in') return null;
  const { organizationId } = state.who;
  return (
    <section className={layout.section} aria-label="Proof of all">
      <div>
        <Button kind="primary" isBusy={run.isPending} onClick={() => run.mutate(organizationId)}>
          Verify all of these in this browser
        </Button>
      </div>
      <PinnedKeysField
        value={pinned}
        onChange={(keys) => {
          setPinned(keys);
          run.reset();
        }}
      />
      {run.isPending ? <p role="status">{done} verified so far.</p> : null}
      {run.error === null ? null : <Failure error={run.error} doing="Getting the proofs" />}
      {run.data === undefined ? null : <VerdictNotice verdict={run.data} />}
    </section>
  );
}

function VerdictNotice({ verdict }: { readonly verdict: Verdict }) {
  const { proven, failed, isCut, notChecked } = verdict;
  const isWhole = failed.length === 0 && proven > 0;
  const title = isWhole
    ? `${proven} of ${proven} events are proven: each is in the log as it is shown.`
    : proven + failed.length === 0
      ? 'There is no event to prove.'
      : `${failed.length} of ${proven + failed.length} events are NOT proven.`;
  return (
    <Notice kind={isWhole ? 'success' : failed.length > 0 ? 'danger' : 'info'} title={title}>
      {isCut ? <p>Only the newest {proven + failed.length} were verified. Take a shorter time for the rest.</p> : null}
      {failed.map((event) => (
        <p key={event.id}>
          <Link href={`/audit/event?id=${event.id}`}>
            <bdi>
              {event.action} {event.time}
            </bdi>
          </Link>
        </p>
      ))}
      {notChecked.length === 0 ? null : (
        <details>
          <summary>What was not checked</summary>
          <ul>
            {notChecked.map((open) => (
              <li key={open}>{open}</li>
            ))}
          </ul>
        </details>
      )}
    </Notice>
  );
}
