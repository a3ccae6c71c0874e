import type { Output } from './output.ts';
import { cutTo, safeText } from './safe-text.ts';

const barWidth = 24;
const clearLine = '\r\u001b[K';

/** Live progress on standard error: a bar that moves on a terminal, a line per change elsewhere. */
export class Progress {
  readonly #output: Output;
  #shown = '';
  #isOpen = false;

  constructor(output: Output) {
    this.#output = output;
  }

  update(percent: number, label: string): void {
    const whole = Math.max(0, Math.min(100, Math.round(percent)));
    const text = `${String(whole).padStart(3)}%  ${safeText(label)}`;
    if (text === this.#shown) return;
    this.#shown = text;
    const { err, paintError } = this.#output;
    if (!err.isTerminal) {
      err.write(`${text}\n`);
      return;
    }
    const full = Math.round((whole / 100) * barWidth);
    const bar = paintError('█'.repeat(full), 'green') + paintError('░'.repeat(barWidth - full), 'dim');
    err.write(`${clearLine}${bar} ${cutTo(text, Math.max(10, err.columns - barWidth - 2))}`);
    this.#isOpen = true;
  }

  /** Says something that stays, without breaking the bar. */
  note(text: string): void {
    this.end();
    this.#output.note(safeText(text));
    this.#shown = '';
  }

  /** Leaves the last state on the screen and the cursor on a new line. */
  end(): void {
    if (this.#isOpen) this.#output.err.write('\n');
    this.#isOpen = false;
  }
}
