'use client';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { Emergencies } from './emergencies.tsx';
import { Notices } from './notices.tsx';
import { AskForAccess, Requests } from './requests.tsx';

/** ACC-8: access for a time: asked for, decided, taken in an emergency, and ended by itself. */
export function AccessRoom() {
  const { may } = useSession();
  return (
    <Page
      title="Access for a time"
      lead="Ask for a role for as long as a task takes. It begins when somebody else agrees, and ends by itself."
    >
      <Notices />
      {may('grant.request') ? <AskForAccess /> : null}
      {may('grant.request') ? <Requests /> : null}
      {may('grant.read') || may('access.break-glass') ? <Emergencies /> : null}
    </Page>
  );
}
