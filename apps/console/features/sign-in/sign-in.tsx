'use client';
import { ApiProblemError } from '@quantumvault/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './sign-in.module.css';

/** Where to go after the sign-in: a path of ours and nothing else, whoever wrote the link. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return /^\/(?![/\\])[\w/?=&%.:~-]*$/.test(next) ? next : '/';
}

const messages: Readonly<Record<string, string>> = {
  REQUEST_RATE_LIMITED: 'Too many attempts from here. Wait a moment, then try again.',
};

const noSecondFactor =
  'Your account demands a second factor, which this page does not ask for yet. Sign in at a terminal: qv login --password.';

export function SignIn() {
  const { client, state, reload } = useSession();
  const router = useRouter();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  useEffect(() => {
    if (state.status === 'signed-in') router.replace(nextPath(location.search));
  }, [state.status, router]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    setIsBusy(true);
    setError(null);
    try {
      const { status } = await client.signIn({
        body: { email: String(form.get('email')), password: String(form.get('password')) },
      });
      if (status === 'second-factor') setError(noSecondFactor);
      else await reload();
    } catch (thrown) {
      const problem = thrown instanceof ApiProblemError ? thrown.problem : null;
      setError(problem === null ? 'The server does not answer.' : (messages[problem.code] ?? problem.detail));
      // A password that was wrong is not corrected but typed anew; the address stays.
      const password = element.elements.namedItem('password');
      if (password instanceof HTMLInputElement) {
        password.value = '';
        password.focus();
      }
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={(event) => void submit(event)}>
        <h1>Sign in to QuantumVault</h1>
        {error === null ? null : <Notice kind="danger" title={error} />}
        <Field label="Email" name="email" type="email" autoComplete="username" required maxLength={320} />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={256}
        />
        <Button kind="primary" type="submit" isBusy={isBusy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
