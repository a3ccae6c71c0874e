import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Code } from './code.tsx';
import { Notice } from './notice.tsx';

/**
 * A secret that the server shows once. It lives in the state of the component that made it and nowhere else: not in the
 * address, not in the browser's storage, not in the cache of answers. With the press it is gone from the page too.
 */
export function ShownOnce({
  title,
  value,
  label,
  onDone,
  children,
}: {
  readonly title: string;
  readonly value: string;
  /** What it is, for the button that copies it. */
  readonly label: string;
  readonly onDone: () => void;
  readonly children?: ReactNode;
}) {
  return (
    <Notice kind="success" title={title}>
      <Code label={label} value={value} />
      {children}
      <div>
        <Button onClick={onDone}>I have put it away</Button>
      </div>
    </Notice>
  );
}
