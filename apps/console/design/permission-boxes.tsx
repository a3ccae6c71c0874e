import styles from './permission-boxes.module.css';

/** Permissions to choose from, those of one noun together. */
export function PermissionBoxes({
  legend,
  names,
  chosen = new Set(),
}: {
  readonly legend: string;
  readonly names: readonly string[];
  readonly chosen?: ReadonlySet<string>;
}) {
  const groups = Map.groupBy(names, (name) => name.split('.', 1)[0] ?? name);
  return (
    <fieldset className={styles.permissions}>
      <legend>{legend}</legend>
      {[...groups].map(([noun, ofNoun]) => (
        <div key={noun} className={styles.group}>
          {ofNoun.map((name) => (
            <label key={name}>
              <input type="checkbox" name="permission" value={name} defaultChecked={chosen.has(name)} /> {name}
            </label>
          ))}
        </div>
      ))}
    </fieldset>
  );
}
