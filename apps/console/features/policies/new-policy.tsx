'use client';
import { useRouter } from 'next/navigation';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { PolicyForm } from './policy-form.tsx';

/** A policy from the start; the form is valid as it opens, save for the name. */
export function NewPolicy() {
  const { may } = useSession();
  const router = useRouter();
  if (!may('policy.create')) return null;
  return (
    <Page
      back={{ href: '/policies', label: 'All policies' }}
      title="New policy"
      lead="Nothing changes before you apply it to an asset. Simulate it first."
    >
      <PolicyForm policy={null} onSaved={(saved) => router.push(`/policies/policy?id=${saved.id}`)} />
    </Page>
  );
}
