import styles from './steps.module.css';

/** Where one is in work of several steps; those that are behind are marked, and can be gone back to where a button says so. */
export function Steps({ names, current }: { readonly names: readonly string[]; readonly current: number }) {
  return (
    <ol className={styles.steps} aria-label="Steps">
      {names.map((name, at) => (
        <li key={name} aria-current={at === current ? 'step' : undefined} data-past={at < current}>
          {name}
        </li>
      ))}
    </ol>
  );
}
