'use client';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { matching } from '../palette/match.ts';
import type { Room } from '../shell/rooms.ts';
import { type Concept, concepts } from './concepts.ts';
import styles from './help.module.css';
import { conceptsOfRoom } from './room-concepts.ts';

export interface HelpPanelProps {
  readonly room: Room | undefined;
  /** The concept that was asked for; null: those of the room. */
  readonly concept: string | null;
  readonly onClose: () => void;
}

const named = concepts.map((concept) => ({
  ...concept,
  label: concept.name,
  words: `${concept.words} ${concept.text}`,
}));

/** Teaches each concept in two sentences: the one that was asked for, those of this room, and all others by search. */
export function HelpPanel({ room, concept, onClose }: HelpPanelProps) {
  const [typed, setTyped] = useState('');
  const asked = concepts.find(({ id }) => id === concept);
  const here = (room === undefined ? [] : conceptsOfRoom(room.path)).filter((one) => one !== asked);
  const others = named.filter(({ id }) => id !== concept && !here.some((one) => one.id === id));
  const first = useRef<HTMLHeadingElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <Dialog title="Help" place="side" onClose={onClose}>
      <div className={styles.panel}>
        {asked === undefined ? null : (
          <section className={styles.asked} aria-label={asked.name}>
            <h3 ref={first} tabIndex={-1}>
              {asked.name}
            </h3>
            <p>{asked.text}</p>
          </section>
        )}
        <Field
          label="Find a word"
          type="search"
          value={typed}
          maxLength={100}
          onChange={({ target }) => setTyped(target.value)}
        />
        {typed.trim() === '' ? (
          <>
            {here.length === 0 || room === undefined ? null : (
              <Group title={`In this room: ${room.label}`} about={`${room.about}.`} items={here} />
            )}
            <Group title="All other words" items={others} isFolded />
          </>
        ) : (
          <Found items={matching(named, typed)} />
        )}
      </div>
    </Dialog>
  );
}

function Found({ items }: { readonly items: readonly Concept[] }) {
  return (
    <>
      <p role="status">{items.length === 0 ? 'No word of the console has this in it.' : `${items.length} found`}</p>
      <Words items={items} />
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly about?: string;
  readonly items: readonly Concept[];
  readonly isFolded?: boolean;
}

function Group({ title, about, items, isFolded = false }: GroupProps) {
  if (isFolded) {
    return (
      <details>
        <summary>{title}</summary>
        <Words items={items} />
      </details>
    );
  }
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {about === undefined ? null : <p>{about}</p>}
      <Words items={items} />
    </section>
  );
}

function Words({ items }: { readonly items: readonly Concept[] }) {
  return (
    <dl className={styles.words}>
      {items.map(({ id, name, text }) => (
        <div key={id}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
