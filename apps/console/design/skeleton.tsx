import styles from './skeleton.module.css';

/** The place of something that is on its way; said once to those who do not see it. */
export function Skeleton({ label, lines = 3 }: { readonly label: string; readonly lines?: number }) {
  return (
    <div role="status" className={styles.skeleton}>
      <span className="hidden-text">{label}</span>
      {Array.from({ length: lines }, (_, index) => `line-${index}`).map((name) => (
        <div key={name} aria-hidden="true" className={styles.line} />
      ))}
    </div>
  );
}
