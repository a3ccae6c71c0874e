/** Draws what the tour said as a terminal window in SVG: text, so that it stays sharp, small and searchable. */
import type { TourLine } from './guide.ts';

const lineHeight = 18;
const characterWidth = 7.8;
const padding = 18;
const barHeight = 30;

const styles = {
  heading: { indent: '', fill: '#ffffff', weight: 'bold' },
  sentence: { indent: '', fill: '#c9d1d9', weight: 'normal' },
  command: { indent: '  $ ', fill: '#79c0ff', weight: 'normal' },
  continued: { indent: '      ', fill: '#79c0ff', weight: 'normal' },
  output: { indent: '    ', fill: '#8b949e', weight: 'normal' },
  check: { indent: '  ok ', fill: '#7ee787', weight: 'normal' },
} as const;

/** Words that the terminal colours as well. */
const accents: readonly (readonly [RegExp, string])[] = [
  [/\b(?:critical|high|INVALID)\b/g, '#ff7b72'],
  [/\b(?:moderate|medium)\b/g, '#d29922'],
  [/\b(?:VALID|low|\w*MLKEM\w*|ML-DSA-\d+)\b/g, '#7ee787'],
];

export function drawTour(lines: readonly TourLine[]): string {
  const rows = lines.flatMap((line, at) => (line.kind === 'heading' && at > 0 ? [undefined, line] : [line]));
  const width = Math.ceil(
    Math.max(...lines.map(({ kind, text }) => styles[kind].indent.length + text.length)) * characterWidth + 2 * padding,
  );
  const height = barHeight + rows.length * lineHeight + 2 * padding;
  const texts = rows.flatMap((line, at) =>
    line === undefined ? [] : [drawLine(line, barHeight + padding + (at + 0.75) * lineHeight)],
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="npm run tour">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...['#ff5f56', '#ffbd2e', '#27c93f'].map(
      (fill, at) => `<circle cx="${18 + at * 18}" cy="16" r="5" fill="${fill}"/>`,
    ),
    `<text x="${width / 2}" y="20" fill="#8b949e" font-family="sans-serif" font-size="12" text-anchor="middle">npm run tour</text>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" xml:space="preserve">',
    ...texts,
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

function drawLine({ kind, text }: TourLine, y: number): string {
  const { indent, fill, weight } = styles[kind];
  const bold = weight === 'bold' ? ' font-weight="bold"' : '';
  const content = kind === 'output' ? accented(text) : escapeXml(text);
  return `<text x="${padding}" y="${y.toFixed(0)}" fill="${fill}"${bold} data-kind="${kind}">${indent}${content}</text>`;
}

function accented(text: string): string {
  const marks = accents
    .flatMap(([pattern, fill]) =>
      [...text.matchAll(pattern)].map((match) => ({ at: match.index, word: match[0], fill })),
    )
    .sort((left, right) => left.at - right.at);
  let end = 0;
  let drawn = '';
  for (const { at, word, fill } of marks) {
    if (at < end) continue;
    drawn += `${escapeXml(text.slice(end, at))}<tspan fill="${fill}">${escapeXml(word)}</tspan>`;
    end = at + word.length;
  }
  return drawn + escapeXml(text.slice(end));
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The lines of a drawn picture that the tour itself says: its sentences and commands, not the output of others. */
export function spokenLines(svg: string): string[] {
  return [...svg.matchAll(/data-kind="(?:heading|sentence|command|continued)">([^<]*)</g)].map(([, text]) =>
    (text ?? '')
      .replace(/^ +(?:\$ )?/, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&'),
  );
}
