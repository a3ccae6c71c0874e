'use client';
import { type ReactNode, useId, useState } from 'react';
import { Button } from './button.tsx';
import styles from './filter-bar.module.css';

export interface FilterBarProps {
  readonly label: string;
  /** The filters that are used most. */
  readonly children: ReactNode;
  /** The rest, behind a button. */
  readonly more?: ReactNode;
  readonly activeCount: number;
  readonly onClear: () => void;
  /** Whole questions, one press each. */
  readonly questions?: readonly { readonly text: string; readonly isActive: boolean; readonly onAsk: () => void }[];
}

/** What a list is asked for. Each change counts at once; there is no button that sends it. */
export function FilterBar({ label, children, more, activeCount, onClear, questions = [] }: FilterBarProps) {
  const [isOpen, setIsOpen] = useState(false);
  const moreId = useId();
  return (
    <search className={styles.bar} aria-label={label}>
      {questions.length === 0 ? null : (
        <div className={styles.questions}>
          {questions.map(({ text, isActive, onAsk }) => (
            <Button key={text} aria-pressed={isActive} onClick={onAsk} className={styles.question}>
              {text}
            </Button>
          ))}
        </div>
      )}
      <div className={styles.filters}>{children}</div>
      {more === undefined || !isOpen ? null : (
        <div id={moreId} className={styles.filters}>
          {more}
        </div>
      )}
      <div className={styles.questions}>
        {more === undefined ? null : (
          <Button
            kind="quiet"
            aria-expanded={isOpen}
            aria-controls={isOpen ? moreId : undefined}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? 'Fewer filters' : 'More filters'}
          </Button>
        )}
        {activeCount === 0 ? null : (
          <Button kind="quiet" onClick={onClear}>
            Clear {activeCount === 1 ? 'the filter' : `${activeCount} filters`}
          </Button>
        )}
      </div>
    </search>
  );
}
