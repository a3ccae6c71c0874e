import type { ReactNode } from 'react';
import { problemCode } from '../session/api.ts';
import { Notice } from './notice.tsx';

/** Whether a change was refused because somebody else was faster (If-Match). */
export const isChangedMeanwhile = (error: unknown): boolean => problemCode(error) === 'REQUEST_ETAG_MISMATCH';

/** Somebody else was faster. What was typed stays; nothing of theirs is overwritten unseen. */
export function ChangedMeanwhile({ children }: { readonly children?: ReactNode }) {
  return (
    <Notice kind="warning" title="Somebody else changed this while you did.">
      <p>
        Nothing of yours was saved, and what you have typed is still here. Look at what is different, then save again.
      </p>
      {children}
    </Notice>
  );
}
