'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { nowMs } from '../../design/clock.ts';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Progress } from '../../design/progress.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import { amountOf, exportName } from './export-words.ts';
import type { ReceivedSoFar } from './receive-export.ts';

/** AUD-6: the log into a file that anybody can verify without this server. */
export function ExportLog({ scope, label }: { readonly scope: 'tenant' | 'all'; readonly label: string }) {
  const { http } = useSession();
  const queries = useQueryClient();
  const action = useAction();
  const [soFar, setSoFar] = useState<ReceivedSoFar | null>(null);
  const [saved, setSaved] = useState<{ readonly name: string; readonly amount: string } | null>(null);
  const take = () =>
    void action
      .run(async () => {
        setSaved(null);
        setSoFar(null);
        const { receiveExport, download } = await import('./receive-export.ts');
        const received = await receiveExport(http, scope, setSoFar);
        const name = exportName(scope, new Date(nowMs()));
        download(received.file, name);
        setSaved({ name, amount: amountOf(received) });
      })
      // Where it was under approval, the request has another state now.
      .finally(() => void queries.invalidateQueries({ queryKey: ['approvals'] }));
  return (
    <div className={layout.stack}>
      <div className={layout.buttons}>
        <Button isBusy={action.isBusy} onClick={take}>
          {label}
        </Button>
      </div>
      {action.isBusy ? (
        <Progress
          label="Receiving the log"
          value={null}
          {...(soFar === null ? {} : { detail: `${amountOf(soFar)} so far` })}
        />
      ) : null}
      {action.error === null ? null : <Failure error={action.error} doing="The export" />}
      {saved === null ? null : (
        <Notice kind="success" title={`The log is among your downloads: ${saved.name}`}>
          <p>
            {saved.amount}. Check it anywhere, without this server:{' '}
            <code>qv audit verify {saved.name} --key log.vkey --checkpoint FILE --tiles DIR</code>
          </p>
        </Notice>
      )}
    </div>
  );
}
