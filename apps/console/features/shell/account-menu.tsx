'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Dialog } from '../../design/dialog.tsx';
import { Icon } from '../../design/icon.tsx';
import { Menu } from '../../design/menu.tsx';
import { Notice } from '../../design/notice.tsx';
import { useSession } from '../../session/session.tsx';
import { type Look, setLook, useLook } from './look.ts';

const nextTheme: Readonly<Record<Look['theme'], Look['theme']>> = { system: 'light', light: 'dark', dark: 'system' };

/** What concerns the one who is signed in: the look of the console and the way out. */
export function AccountMenu() {
  const { signOut } = useSession();
  const router = useRouter();
  const look = useLook();
  const [isStuck, setIsStuck] = useState(false);
  return (
    <>
      <Menu
        button={
          <>
            <Icon name="account" />
            <span className="hidden-text">Account menu</span>
          </>
        }
        items={[
          { label: 'Your account', onChoose: () => router.push('/account') },
          { label: `Theme: ${look.theme}`, onChoose: () => setLook({ ...look, theme: nextTheme[look.theme] }) },
          {
            label: `Density: ${look.density}`,
            onChoose: () => setLook({ ...look, density: look.density === 'compact' ? 'comfortable' : 'compact' }),
          },
          { label: 'Sign out', isDanger: true, onChoose: () => void signOut().catch(() => setIsStuck(true)) },
        ]}
      />
      {isStuck ? (
        <Dialog title="You are still signed in" onClose={() => setIsStuck(false)}>
          <Notice kind="danger" title="The server did not answer, so it has not ended your session.">
            <p>Try again when it answers. Until then whoever uses this browser is you: lock this computer.</p>
          </Notice>
        </Dialog>
      ) : null}
    </>
  );
}
