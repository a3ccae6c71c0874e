import { ApiProblemError } from '@quantumvault/api';
import Link from 'next/link';
import { Notice } from './notice.tsx';

/**
 * Why an answer did not come, and that nothing was changed. What a policy has put under approval is no failure: it waits,
 * and the link leads to it.
 */
export function Failure({ error, doing }: { readonly error: unknown; readonly doing: string }) {
  const problem = error instanceof ApiProblemError ? error.problem : null;
  if (problem?.approvalId !== undefined) {
    return (
      <Notice kind="info" title="This waits for the approval of others. Nothing was changed yet.">
        <p>
          <Link href={`/approvals/request?id=${encodeURIComponent(problem.approvalId)}`}>See the request</Link>
        </p>
      </Notice>
    );
  }
  return (
    <Notice kind="danger" title={`${doing} did not work.`}>
      <p>
        {problem === null
          ? 'The server does not answer, or its answer cannot be read. Look whether it was done, then try again.'
          : `${problem.detail} (${problem.code}, request ${problem.requestId})`}
      </p>
    </Notice>
  );
}
