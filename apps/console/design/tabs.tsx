'use client';
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import styles from './tabs.module.css';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly content: ReactNode;
}

export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

/** Parts of one room, one at a time (WAI-ARIA tabs): arrows move among them, Tab goes on into the part. */
export function Tabs({ label, tabs, value, onChange }: TabsProps) {
  const made = useId();
  const list = useRef<HTMLDivElement>(null);
  const chosen = tabs.find(({ id }) => id === value) ?? tabs[0];
  function onKeyDown(event: KeyboardEvent) {
    const next = steps[event.key]?.(chosen === undefined ? 0 : tabs.indexOf(chosen), tabs.length);
    const tab = next === undefined ? undefined : tabs[next];
    if (tab === undefined || next === undefined) return;
    event.preventDefault();
    onChange(tab.id);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  }
  return (
    <div className={styles.tabs}>
      <div ref={list} role="tablist" aria-label={label} tabIndex={-1} className={styles.list} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${made}-${tab.id}`}
            aria-selected={tab === chosen}
            aria-controls={tab === chosen ? `${made}-panel` : undefined}
            tabIndex={tab === chosen ? 0 : -1}
            onClick={() => onChange(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        id={`${made}-panel`}
        role="tabpanel"
        aria-labelledby={`${made}-${chosen?.id ?? ''}`}
        className={styles.panel}
        key={chosen?.id}
      >
        {chosen?.content}
      </div>
    </div>
  );
}
