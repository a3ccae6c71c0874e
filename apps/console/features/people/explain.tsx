'use client';
import { type AccessExplanation, isPermission, permissions } from '@quantumvault/api';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Select } from '../../design/select.tsx';
import { useSession } from '../../session/session.tsx';

/**
 * ACC-1: why somebody may or may not: the decision as the server makes it, with every grant that it looked at. Without a
 * subject: about oneself, as a session from here.
 */
export function Explain({
  subjectId,
  subjectWord = 'this person',
}: {
  readonly subjectId?: string;
  readonly subjectWord?: string;
}) {
  const { client } = useSession();
  const explain = useMutation({
    mutationFn: (permission: string) => {
      if (!isPermission(permission)) throw new RangeError('no such permission');
      return client.explainAccess({ body: subjectId === undefined ? { permission } : { permission, subjectId } });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    explain.mutate(String(new FormData(event.currentTarget).get('permission')));
  };
  return (
    <section className={layout.section} aria-label="Explain">
      <h2>{subjectId === undefined ? 'Why may you, or why not?' : `Why may ${subjectWord}, or why not?`}</h2>
      <form className={layout.form} onSubmit={submit}>
        <Select
          label="Permission"
          name="permission"
          options={permissions.map((permission) => [permission, permission] as const)}
        />
        <Button type="submit" isBusy={explain.isPending}>
          Explain
        </Button>
      </form>
      {explain.error === null ? null : <Failure error={explain.error} doing="The explanation" />}
      {explain.data === undefined ? null : <Explanation explanation={explain.data} />}
    </section>
  );
}

function Explanation({ explanation }: { readonly explanation: AccessExplanation }) {
  return (
    <Notice
      kind={explanation.allowed ? 'success' : 'warning'}
      title={explanation.allowed ? 'Allowed.' : 'Not allowed.'}
    >
      <p>
        <bdi>{explanation.sentence}</bdi>
      </p>
      <ul>
        {explanation.grants.map((grant) => (
          <li key={grant.grantId}>
            {grant.effect === 'deny' ? 'denial of ' : ''}
            <bdi>{grant.role}</bdi> on the {grant.level}:{' '}
            {grant.grantId === explanation.decidedBy ? 'this decides' : grant.applies ? 'applies' : 'does not apply'}
            {grant.reaching ? '' : ', given elsewhere'}
            {grant.lacking.map(({ condition, standing }) => `, ${condition} is ${standing}`).join('')}
          </li>
        ))}
      </ul>
      {explanation.approvals?.map((approval) => (
        <p key={approval.operation}>
          <bdi>{approval.operation}</bdi> then waits for{' '}
          {approval.thresholds
            .map(
              ({ quorum, approverRole }) => `${quorum}${approverRole === null ? '' : ` of the role ${approverRole}`}`,
            )
            .join(' and ')}{' '}
          to approve it.{' '}
          {approval.approvers === null ? null : (
            <>
              Who may: <bdi>{approval.approvers.map(({ name }) => name).join(', ') || 'nobody now'}</bdi>
              {approval.truncated ? ' and others' : ''}.
            </>
          )}
        </p>
      ))}
      {explanation.truncated ? <p>There are more grants than are listed.</p> : null}
    </Notice>
  );
}
