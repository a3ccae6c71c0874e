export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'plain';

const codes: Readonly<Record<Exclude<Style, 'plain'>, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export type Paint = (text: string, style: Style) => string;

/** Colours for one stream: none where nobody sees them, and none when the person said so (no-color.org). */
export function painter(hasColours: boolean): Paint {
  return (text, style) => {
    if (!hasColours || style === 'plain' || text === '') return text;
    const [on, off] = codes[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** Colour of a severity or risk level, the same in every command. */
export function levelStyle(level: string): Style {
  if (level === 'critical' || level === 'high') return 'red';
  if (level === 'medium' || level === 'moderate') return 'yellow';
  return level === 'low' ? 'green' : 'dim';
}

/** Colour of a state of a job, a part or a check. */
export function stateStyle(state: string): Style {
  if (['succeeded', 'ok', 'protected', 'approved', 'success'].includes(state)) return 'green';
  if (['failed', 'fail', 'unavailable', 'disallowed', 'refused'].includes(state)) return 'red';
  return ['running', 'pending', 'degraded', 'warn', 'deprecated', 'cancelled'].includes(state) ? 'yellow' : 'plain';
}
