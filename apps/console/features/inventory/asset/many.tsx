import styles from '../inventory.module.css';

const shownMax = 6;

/** Names with commas between; more than a line holds are counted, and listed on demand. */
export function Many({ text }: { readonly text: string }) {
  const names = text.split(', ');
  if (names.length <= shownMax) return <bdi>{text}</bdi>;
  return (
    <details>
      <summary>{names.length} of them</summary>
      <ul className={styles.bare}>
        {names.map((name) => (
          <li key={name}>
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}
