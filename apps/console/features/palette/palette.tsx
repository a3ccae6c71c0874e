'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Dialog } from '../../design/dialog.tsx';
import { Failure } from '../../design/failure.tsx';
import { Icon, type IconName } from '../../design/icon.tsx';
import { useSession } from '../../session/session.tsx';
import { roomsOf } from '../shell/rooms.ts';
import { actionsOf } from './actions.ts';
import { findThings } from './find-things.ts';
import { matching } from './match.ts';
import styles from './palette.module.css';

/** A line of the palette. */
export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly kind: string;
  readonly icon: IconName;
  /** Where it leads; absent: `run` does it. */
  readonly path?: string;
  readonly run?: () => void;
}

export interface PaletteProps {
  readonly onClose: () => void;
  /** Chosen before, newest first; kept by the page alone, so that the next user finds nothing of this one. */
  readonly recent: readonly Choice[];
  readonly onChosen: (choice: Choice) => void;
  /** What is done at once. */
  readonly commands: readonly Choice[];
}

/** A pause in typing before the server is asked. */
const pauseMs = 200;
const typedMin = 2;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Go to any room, do anything, find anything by name or id: by keyboard alone. */
export function Palette({ onClose, recent, onChosen, commands }: PaletteProps) {
  const { client, may } = useSession();
  const router = useRouter();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const asked = useSettled(typed.trim());
  const things = useQuery({
    queryKey: ['palette', asked],
    queryFn: () => findThings({ client, may, typed: asked }),
    enabled: asked.length >= typedMin,
  });
  const known: readonly (Choice & { readonly words?: string })[] = [
    ...roomsOf(may).map(({ path, label, icon, about }) => ({
      key: `room ${path}`,
      label,
      kind: 'Room',
      icon,
      path,
      words: about,
    })),
    ...actionsOf(may).map((action) => ({ ...action, key: `action ${action.label}`, kind: 'Do' })),
    ...commands,
  ];
  const isAsked = asked.length >= typedMin && asked === typed.trim();
  const found: readonly Choice[] = isAsked ? (things.data ?? []) : [];
  const isFresh = typed.trim() === '';
  const choices: readonly Choice[] = isFresh
    ? [...recent, ...known.filter(({ key }) => !recent.some((one) => one.key === key))]
    : [...matching(known, typed), ...found];
  const chosen = choices[Math.min(at, choices.length - 1)];

  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });

  function choose(choice: Choice) {
    onClose();
    onChosen(choice);
    if (choice.path !== undefined) router.push(choice.path);
    choice.run?.();
  }
  function onKeyDown(event: KeyboardEvent) {
    const last = choices.length - 1;
    const here = Math.min(at, last);
    const next = { ArrowDown: here >= last ? 0 : here + 1, ArrowUp: here <= 0 ? last : here - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, next));
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      choose(chosen);
    }
  }
  const optionId = (index: number) => `${listId}-${index}`;
  return (
    <Dialog title="Go to, do, find" place="top" onClose={onClose}>
      <div className={styles.search}>
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="Go to, do, find"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={chosen === undefined ? undefined : optionId(choices.indexOf(chosen))}
          autoComplete="off"
          spellCheck={false}
          ref={field}
          maxLength={200}
          placeholder="A room, an action, a name, an email or an id"
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label="Found" className={styles.list}>
        {choices.map((choice, index) => (
          <button
            type="button"
            key={choice.key}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={choice === chosen}
            className={styles.option}
            onClick={() => choose(choice)}
          >
            <Icon name={choice.icon} />
            <bdi className={styles.label}>{choice.label}</bdi>
            <span className={styles.kind}>{choice.kind}</span>
          </button>
        ))}
      </div>
      <p role="status" className={styles.state}>
        {things.isFetching
          ? 'Looking…'
          : choices.length === 0
            ? 'Nothing is called so. Try a part of its name, or its id.'
            : ''}
      </p>
      {things.error === null ? null : <Failure error={things.error} doing="The search" />}
    </Dialog>
  );
}
