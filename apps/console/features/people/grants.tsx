'use client';
import type { GrantView } from '@quantumvault/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { Term } from '../../design/term.tsx';
import { Time } from '../../design/time.tsx';
import { useToast } from '../../design/toast.tsx';
import { useSession } from '../../session/session.tsx';
import { placeText } from '../organization/places.ts';
import { usePlaces } from '../organization/use-places.ts';
import { givenAgain } from './given-again.ts';

/** Every grant and denial of a person that counts or will count, each with its end. */
export function Grants({ subjectId }: { readonly subjectId: string }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const mayGive = may('grant.create');
  const { places } = usePlaces();
  const { run, prompt } = useStepUp();
  const grants = useQuery({
    queryKey: ['people', 'grants', subjectId],
    queryFn: () => client.listGrants({ query: { subjectId, limit: 200 } }),
  });
  const toast = useToast();
  const giveAgain = async (grant: GrantView) => {
    await client.createGrant({ body: givenAgain(grant) });
    await queries.invalidateQueries({ queryKey: ['people'] });
  };
  const revoke = useMutation({
    mutationFn: (grant: GrantView) => run(() => client.revokeGrant({ params: { id: grant.id } })),
    onSuccess: (_answer, grant) =>
      toast({
        text: grant.effect === 'deny' ? `The denial of ${grant.role} is lifted.` : `${grant.role} is revoked.`,
        ...(mayGive && grant.source === 'direct' ? { undo: () => giveAgain(grant) } : {}),
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  return (
    <section className={layout.section} aria-label="Grants">
      <h2>
        <Term concept="grant">Grants</Term>
      </h2>
      {grants.error === null ? null : <Failure error={grants.error} doing="Reading the grants" />}
      {revoke.error === null || revoke.error instanceof StepUpDeclinedError ? null : (
        <Failure error={revoke.error} doing="Revoking" />
      )}
      {grants.data?.items.length === 0 ? <p>Nothing is given.</p> : null}
      <ul className={layout.rows} aria-label="Grants">
        {grants.data?.items.map((grant) => (
          <li key={grant.id} className={layout.row}>
            <span>
              {grant.effect === 'deny' ? 'denied: ' : ''}
              <bdi>{grant.role}</bdi>, in {placeText(grant.place, places)}
              {Object.keys(grant.rules).length === 0 ? '' : ', under conditions'}
              {grant.source === 'direct' ? '' : `, ${grant.source}`}
            </span>
            <span>
              {grant.expiresAt === null ? (
                'without an end'
              ) : (
                <>
                  ends <Time value={grant.expiresAt} />
                </>
              )}
            </span>
            {may('grant.revoke') ? (
              <Button kind="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate(grant)}>
                {grant.effect === 'deny' ? 'Lift' : 'Revoke'}
                <span className="hidden-text"> {grant.role}</span>
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {grants.data?.nextCursor == null ? null : <p className={layout.muted}>Only the newest 200 are shown.</p>}
      {prompt}
    </section>
  );
}
