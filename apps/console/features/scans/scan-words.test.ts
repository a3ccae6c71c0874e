import { describe, expect, it } from 'vitest';
import { errorSentence, portsOf, targetLines } from './scan-words.ts';

describe('IFC-5: what a person types into the wizard of scans', () => {
  it('targets come one a line, or separated by commas, each once and without comments', () => {
    expect(targetLines('a.example:443, b.example\r\n\n# old ones\nb.example # twice\n 10.0.0.0/28;')).toEqual([
      'a.example:443',
      'b.example',
      '10.0.0.0/28',
    ]);
    expect(targetLines('  \n#x')).toEqual([]);
  });

  it.each([
    ['443', [443]],
    ['443, 8443 443', [443, 8443]],
    ['', null],
    ['0', null],
    ['65536', null],
    ['443-445', null],
    ['1e3', null],
    [Array.from({ length: 17 }, (_, index) => index + 1).join(','), null],
  ])('ports %j', (text, ports) => {
    expect(portsOf(text)).toEqual(ports);
  });

  it('a cause that this release does not know is shown and not hidden', () => {
    expect(errorSentence('quic-only')).toBe('quic-only');
  });
});
