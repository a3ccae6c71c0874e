'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { Page } from '../../design/page.tsx';
import { Tabs } from '../../design/tabs.tsx';
import { useSession } from '../../session/session.tsx';
import { OwnAccess } from './own-access.tsx';
import { OwnKeys } from './own-keys.tsx';
import { OwnName } from './own-name.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { SignInWays } from './sign-in/sign-in-ways.tsx';

/** What concerns oneself. Every part has an address of its own, so that others can send one there. */
export function AccountRoom() {
  const { state } = useSession();
  const router = useRouter();
  const part = useSearchParams().get('part') ?? 'sign-in';
  if (state.status !== 'signed-in') return null;
  return (
    <Page title="Your account" lead="How you sign in, where you are signed in, your API keys, and what you may.">
      <Tabs
        label="Parts of your account"
        value={part}
        onChange={(id) => router.replace(`/account?part=${id}`, { scroll: false })}
        tabs={[
          { id: 'sign-in', label: 'Sign-in', content: <SignInWays /> },
          { id: 'sessions', label: 'Sessions', content: <OwnSessions /> },
          { id: 'keys', label: 'API keys', content: <OwnKeys /> },
          {
            id: 'access',
            label: 'Access',
            content: (
              <>
                <OwnAccess />
                <OwnName />
              </>
            ),
          },
        ]}
      />
    </Page>
  );
}
