import { ApiProblemError } from '@quantumvault/api';
import Link from 'next/link';
import styles from './notice.module.css';
import { Notice } from './notice.tsx';

/**
 * Why an answer did not come, and that nothing was changed. What a policy has put under approval is no failure: it waits,
 * and the link leads to it; so does the one to the second factor that an organization wants before all else.
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
  if (problem?.code === 'ACCESS_MFA_REQUIRED') {
    return (
      <Notice kind="warning" title="Your organization wants a second factor of you first. Nothing was changed.">
        <p>
          <Link href="/account">Set one up in your account</Link>: a passkey takes a moment. Who has one shows it at the
          next sign-in.
        </p>
      </Notice>
    );
  }
  return (
    <Notice kind="danger" title={`${doing} did not work.`}>
      <p>
        {problem === null
          ? 'The server does not answer, or its answer cannot be read. Try again. If it was to change something, look first whether it was done.'
          : problem.detail}
        {problem?.status === 404 ? ' It may have been deleted, or belong to others. Nothing was changed.' : null}
      </p>
      {problem === null ? null : (
        <p className={styles.code}>
          {problem.code}, request {problem.requestId}
        </p>
      )}
    </Notice>
  );
}
