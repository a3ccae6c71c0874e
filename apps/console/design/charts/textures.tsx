import styles from './charts.module.css';

/** What a part or a line means; each has a color of the tokens and, for those who do not see it, a texture or a dash. */
export type Tone = 'danger' | 'warning' | 'info' | 'success' | 'plain';

const lines = {
  warning: 'M-2 2 2 -2M0 8 8 0M6 10 10 6',
  info: 'M0 0 8 8M6 -2 10 2M-2 6 2 10',
  success: 'M0 2H8M0 6H8',
  plain: 'M2 0V8M6 0V8',
} as const satisfies Readonly<Record<Exclude<Tone, 'danger'>, string>>;

/** The textures that `textureOf` names, once for a drawing and whatever stands beside it; `danger` is solid. */
export function Textures({ id }: { readonly id: string }) {
  return (
    <defs>
      {Object.entries(lines).map(([tone, path]) => (
        <pattern key={tone} id={`${id}-${tone}`} width="8" height="8" patternUnits="userSpaceOnUse">
          <path className={`${styles.texture} ${styles[tone]}`} d={path} />
        </pattern>
      ))}
    </defs>
  );
}

export const textureOf = (id: string, tone: Tone): string =>
  tone === 'danger' ? 'currentColor' : `url(#${id}-${tone})`;
