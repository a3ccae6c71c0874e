'use client';
import Link from 'next/link';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import { Card } from './card.tsx';

/** A link for somebody who is not signed in was opened by somebody who is. */
export function SignedInAlready() {
  const { signOut } = useSession();
  const { run, isBusy, error } = useAction();
  return (
    <Card title="You are signed in">
      {error === null ? null : <Failure error={error} doing="The sign-out" />}
      <p>
        This link is for somebody who begins here. If that is you, sign out first and open the link again: nothing of it
        was used.
      </p>
      <Button isBusy={isBusy} onClick={() => void run(signOut)}>
        Sign out
      </Button>
      <Link href="/" prefetch={false}>
        Go home
      </Link>
    </Card>
  );
}
