import Link from 'next/link';
import { EmptyState } from '../../design/empty-state.tsx';
import { Page } from '../../design/page.tsx';

export function NotFound() {
  return (
    <Page title="There is no such page">
      <EmptyState icon="search" title="The address leads nowhere" action={<Link href="/">Go home</Link>}>
        Perhaps a part of it is missing. Nothing was changed.
      </EmptyState>
    </Page>
  );
}
