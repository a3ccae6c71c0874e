'use client';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';

/** A press that cannot be taken back: it needs a second one, on a button that says what will happen. */
export function ConfirmButton({
  label,
  about,
  sure,
  isBusy,
  onConfirm,
}: {
  readonly label: string;
  /** Which of several, for those who do not see the row. */
  readonly about?: ReactNode;
  readonly sure: string;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
}) {
  const [isSure, setIsSure] = useState(false);
  if (!isSure) {
    return (
      <Button kind="danger" onClick={() => setIsSure(true)}>
        {label}…{about === undefined ? null : <span className="hidden-text"> {about}</span>}
      </Button>
    );
  }
  return (
    <>
      <Button
        kind="danger"
        isBusy={isBusy}
        // The press before has moved here: who works by keyboard stays where the decision is.
        ref={(button) => button?.focus()}
        onClick={() => {
          setIsSure(false);
          onConfirm();
        }}
      >
        {sure}
        {about === undefined ? null : <span className="hidden-text"> {about}</span>}
      </Button>
      <Button kind="quiet" onClick={() => setIsSure(false)}>
        Keep
      </Button>
    </>
  );
}
