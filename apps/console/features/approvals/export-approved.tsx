'use client';
import type { ApprovalView } from '@quantumvault/api';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { useSession } from '../../session/session.tsx';
import { ExportLog } from '../audit/export-log.tsx';

/** AUD-6 under ACC-9: an export goes to the one who asked for it, who takes it here once it is approved. */
export function ExportApproved({ approval }: { readonly approval: ApprovalView }) {
  const { state } = useSession();
  const isOwn = state.status === 'signed-in' && state.who.actorId === approval.requester.id;
  const wasTaken = approval.status === 'executed';
  if (approval.operation !== 'audit.export' || !(approval.status === 'approved' || wasTaken)) return null;
  if (!isOwn) {
    return (
      <Notice kind="info" title={wasTaken ? 'Who asked for the export has taken it.' : 'The export is approved.'}>
        {wasTaken ? null : <p>Who asked for it takes it, once.</p>}
      </Notice>
    );
  }
  return (
    <section className={layout.section} aria-label="Export">
      <h2>Your export</h2>
      <p>
        {wasTaken
          ? 'It was approved and taken. Another one needs another approval.'
          : 'It is approved: take it now. The approval is good for one export.'}
      </p>
      {/* Stays while the export comes: its start has used the approval up. */}
      <ExportLog scope={approval.plan.scope === 'all' ? 'all' : 'tenant'} label="Export the log" />
    </section>
  );
}
