'use client';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { Page } from '../../design/page.tsx';

/** A mistake of ours in drawing a page. What the server holds is as it was. */
export function PageFailed({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <Page title="This page cannot be shown">
      <Notice kind="danger" title="The console made a mistake while it drew this page.">
        <p>
          What the server holds is untouched by that; what you had just sent may have been done: look in the room it
          belongs to. Draw the page again, or go home.
        </p>
      </Notice>
      <div>
        <Button kind="primary" onClick={onRetry}>
          Draw it again
        </Button>
      </div>
    </Page>
  );
}
