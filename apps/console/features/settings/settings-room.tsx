'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { EmptyState } from '../../design/empty-state.tsx';
import { Page } from '../../design/page.tsx';
import { type Tab, Tabs } from '../../design/tabs.tsx';
import { useSession } from '../../session/session.tsx';
import { ApprovalPolicies } from './approvals/approval-policies.tsx';
import { OrganizationName } from './organization-name.tsx';
import { SecurityRules } from './security/security-rules.tsx';
import { ServerStatus } from './server-status.tsx';

/** What the organization has decided, and how the server is. A part that one may not read is not there. */
export function SettingsRoom() {
  const { state, may } = useSession();
  const router = useRouter();
  const part = useSearchParams().get('part') ?? '';
  if (state.status !== 'signed-in') return null;
  const parts: readonly (Tab & { readonly permission: string })[] = [
    { id: 'security', label: 'Security', permission: 'security.read', content: <SecurityRules /> },
    { id: 'approvals', label: 'Approvals', permission: 'approval-policy.read', content: <ApprovalPolicies /> },
    { id: 'organization', label: 'Organization', permission: 'organization.read', content: <OrganizationName /> },
    { id: 'server', label: 'Server', permission: 'status.read', content: <ServerStatus /> },
  ];
  const tabs = parts.filter(({ permission }) => may(permission));
  return (
    <Page title="Settings" lead="What your organization has decided for all of its people, and how the server is.">
      {tabs.length === 0 ? (
        <EmptyState icon="settings" title="There is nothing here that you may see">
          Who administers your organization sets it. Your own account has a room of its own.
        </EmptyState>
      ) : (
        <Tabs
          label="Parts of the settings"
          tabs={tabs}
          value={part}
          onChange={(id) => router.replace(`/settings?part=${id}`, { scroll: false })}
        />
      )}
    </Page>
  );
}
