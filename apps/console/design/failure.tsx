import { ApiProblemError } from '@quantumvault/api';
import { Notice } from './notice.tsx';

/** Why an answer did not come; what was shown before is still as it was. */
export function Failure({ error, doing }: { readonly error: unknown; readonly doing: string }) {
  const problem = error instanceof ApiProblemError ? error.problem : null;
  return (
    <Notice kind="danger" title={`${doing} did not work.`}>
      <p>
        {problem === null
          ? 'The server does not answer, or its answer cannot be read. Nothing was changed. Try again.'
          : `${problem.detail} (${problem.code}, request ${problem.requestId})`}
      </p>
    </Notice>
  );
}
