'use client';
import { useQueryClient } from '@tanstack/react-query';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { ConfirmButton } from '../../design/confirm-button.tsx';
import layout from '../../design/layout.module.css';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import styles from './organization.module.css';

export interface PlaceRowProps {
  readonly kind: 'environment' | 'project' | 'service';
  readonly name: string;
  readonly detail?: string;
  /** Whether what stands in it is shown; undefined where nothing can be. */
  readonly isOpen?: boolean | undefined;
  readonly onToggle?: () => void;
  /** What the reader may not do is undefined, and not shown. */
  readonly change?: (() => void) | undefined;
  readonly add?: { readonly label: string; readonly onPress: () => void } | undefined;
  readonly remove?: (() => Promise<void>) | undefined;
}

/** One place of the tree with what can be done to it. The server deletes only what nothing stands in, and says so. */
export function PlaceRow({ kind, name, detail, isOpen, onToggle, change, add, remove }: PlaceRowProps) {
  const queries = useQueryClient();
  const action = useGuardedAction();
  const about = `the ${kind} ${name}`;
  const press = () => {
    if (remove !== undefined) void action.run(remove, () => queries.invalidateQueries({ queryKey: ['places'] }));
  };
  return (
    <>
      <div className={styles.node}>
        <span className={styles.name}>
          {isOpen === undefined ? null : (
            <Button kind="quiet" aria-expanded={isOpen} onClick={onToggle}>
              <span aria-hidden="true">{isOpen ? '−' : '+'}</span>
              <span className="hidden-text">What stands in {about}</span>
            </Button>
          )}
          <strong>
            <bdi>{name}</bdi>
          </strong>
          <span className={layout.muted}>{detail ?? kind}</span>
        </span>
        <span className={layout.buttons}>
          {add === undefined ? null : (
            <Button onClick={add.onPress}>
              {add.label}
              <span className="hidden-text"> in {about}</span>
            </Button>
          )}
          {change === undefined ? null : (
            <Button onClick={change}>
              {kind === 'environment' ? 'Change' : 'Rename'}
              <span className="hidden-text"> {about}</span>
            </Button>
          )}
          {remove === undefined ? null : (
            <ConfirmButton
              label="Delete"
              about={about}
              sure="Delete it, for good"
              isBusy={action.isBusy}
              onConfirm={press}
            />
          )}
        </span>
      </div>
      <ActionFailure error={action.error} doing={`Deleting ${about}`} />
      {action.prompt}
    </>
  );
}
