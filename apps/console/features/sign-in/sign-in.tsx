'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useSession } from '../../session/session.tsx';
import { Card } from './card.tsx';
import { FirstStep, type Ticket } from './first-step.tsx';
import { NewPassword } from './new-password.tsx';
import { nextPath } from './next-path.ts';
import { SecondStep } from './second-step.tsx';

/** From nobody to a session: password or passkey, then a second factor, then perhaps a new password (ACC-2, ACC-4). */
export function SignIn() {
  const { state, reload, hold } = useSession();
  const router = useRouter();
  const [ticket, setTicket] = useState<Ticket | null>(null);
  useEffect(() => {
    if (state.status === 'signed-in') router.replace(nextPath(location.search));
  }, [state.status, router]);

  const enter = async ({ mustChangePassword }: { readonly mustChangePassword: boolean }) => {
    if (mustChangePassword) hold();
    else await reload();
  };
  if (state.status === 'signed-in' || state.status === 'unknown') {
    return <Card title={state.status === 'signed-in' ? 'You are signed in' : 'One moment'}>{null}</Card>;
  }
  if (state.status === 'must-change-password') return <NewPassword />;
  if (ticket !== null) return <SecondStep ticket={ticket} onEnter={enter} onBack={() => setTicket(null)} />;
  return <FirstStep onEnter={enter} onTicket={setTicket} />;
}
