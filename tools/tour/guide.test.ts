import { describe, expect, it } from 'vitest';
import { Guide, type TourLine } from './guide.ts';
import { drawTour, spokenLines } from './picture.ts';
import { Stage, TourError } from './stage.ts';

async function withGuide(use: (guide: Guide, lines: TourLine[]) => Promise<void>): Promise<void> {
  const stage = Stage.own();
  const lines: TourLine[] = [];
  try {
    await use(new Guide(stage, (line) => lines.push(line)), lines);
  } finally {
    await stage.close();
  }
}

describe('the guide of the tour', () => {
  it('ends the tour at a promise that is not kept, and counts those that are', () =>
    withGuide(async (guide, lines) => {
      guide.expect('one', true);
      expect(() => guide.expect('two', false)).toThrow(TourError);
      expect(guide.checks).toBe(1);
      expect(lines).toEqual([{ kind: 'check', text: 'one' }]);
    }));

  it('shows all that a command said when it did not end as expected', () =>
    withGuide(async (guide, lines) => {
      const words = ['audit', 'verify', 'absent.jsonl'];
      await expect(guide.qv(words, { show: [/^never$/] })).rejects.toThrow(/ended with [1-9]/);
      const shown = lines.filter(({ kind }) => kind === 'output').map(({ text }) => text);
      expect(shown.join('\n')).toMatch(/absent\.jsonl/);
    }));

  it('shows the wanted lines of a command that did, and says that there were more', () =>
    withGuide(async (guide, lines) => {
      await guide.qv(['crypto', '--help'], { show: [/^Usage/] });
      expect(lines.map(({ kind, text }) => [kind, text.slice(0, 9)])).toEqual([
        ['command', 'npx qv cr'],
        ['output', 'Usage: qv'],
        ['output', '...'],
      ]);
    }));

  it('breaks a long command as a shell reads it', () =>
    withGuide(async (guide, lines) => {
      const command = Array.from({ length: 30 }, (_, at) => `--word-${at}`).join(' ');
      guide.typed(command);
      const [first, ...rest] = lines;
      expect([first?.kind, ...new Set(rest.map(({ kind }) => kind))]).toEqual(['command', 'continued']);
      expect(lines.map(({ text }) => text.replace(/ \\$/, '')).join(' ')).toBe(command);
      expect(lines.slice(0, -1).every(({ text }) => / \\$/.test(text))).toBe(true);
    }));
});

describe('the picture of the tour', () => {
  const lines: TourLine[] = [
    { kind: 'heading', text: 'One & <two>' },
    { kind: 'command', text: 'npx qv "x"' },
    { kind: 'output', text: '<script>alert(1)</script> high X25519MLKEM768' },
    { kind: 'sentence', text: 'A sentence.' },
  ];

  it('draws every line as text, with nothing of it taken for markup', () => {
    const svg = drawTour(lines);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(svg).toContain('<tspan fill="#ff7b72">high</tspan>');
    expect(svg.match(/<text /g)).toHaveLength(lines.length + 1);
  });

  it('gives back what the tour itself has said', () => {
    expect(spokenLines(drawTour(lines))).toEqual(['One & <two>', 'npx qv "x"', 'A sentence.']);
  });
});
