'use client';
import { useId } from 'react';
import { Button } from '../../design/button.tsx';
import { Select } from '../../design/select.tsx';
import { type Choice, choices, type ListName, listWords } from './choices.ts';
import styles from './policies.module.css';

/** Algorithms in order of preference: add, remove, move up. Ids that the form does not know are kept. */
export function ChoiceList({
  list,
  chosen,
  offered,
  error,
  onChange,
}: {
  readonly list: ListName;
  readonly chosen: readonly string[];
  readonly offered: readonly Choice[];
  readonly error: string | null;
  readonly onChange: (ids: readonly string[]) => void;
}) {
  const { title, about } = listWords[list];
  const aboutId = useId();
  const left = offered.filter(({ id }) => !chosen.includes(id));
  const moveUp = (index: number) => {
    const next = [...chosen];
    const [moved] = next.splice(index, 1);
    if (moved !== undefined) next.splice(index - 1, 0, moved);
    onChange(next);
  };
  return (
    <fieldset className={styles.choices} aria-describedby={aboutId}>
      <legend>{title}</legend>
      <p id={aboutId} className={styles.about}>
        {about}
      </p>
      <ol className={styles.chosen} aria-label={title}>
        {chosen.map((id, index) => (
          <li key={id}>
            <div className={styles.choice}>
              <span>
                <strong>
                  <bdi>{id}</bdi>
                </strong>
                <span className={styles.about}>
                  {choices[list].find((choice) => choice.id === id)?.about ?? 'An algorithm of the registry.'}
                  {offered.some((choice) => choice.id === id) || !choices[list].some((choice) => choice.id === id)
                    ? ''
                    : ' It does not fit the mode or the level.'}
                </span>
              </span>
              <span className={styles.moves}>
                {index === 0 ? null : (
                  <Button kind="quiet" onClick={() => moveUp(index)}>
                    Move up<span className="hidden-text"> {id}</span>
                  </Button>
                )}
                <Button kind="quiet" onClick={() => onChange(chosen.filter((one) => one !== id))}>
                  Remove<span className="hidden-text"> {id}</span>
                </Button>
              </span>
            </div>
          </li>
        ))}
      </ol>
      {error === null ? null : (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      )}
      {left.length === 0 ? null : (
        <Select
          label={`Add to ${title.toLowerCase()}`}
          value=""
          onChange={({ target }) => (target.value === '' ? undefined : onChange([...chosen, target.value]))}
          options={[['', 'choose'], ...left.map(({ id, about }) => [id, `${id}: ${about}`] as const)]}
        />
      )}
    </fieldset>
  );
}
