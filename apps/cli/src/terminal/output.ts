import { safeJson } from './safe-text.ts';
import { type Paint, painter } from './style.ts';

/** Where text goes: a stream of the process, or memory in tests. */
export interface Sink {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width in columns; only meaningful on a terminal. */
  readonly columns: number;
}

export interface OutputOptions {
  readonly out: Sink;
  readonly err: Sink;
  /** False when NO_COLOR is set or the terminal is dumb. */
  readonly allowsColours: boolean;
}

/**
 * Answers go to standard output, everything else (progress, notes, errors) to standard error, so that a script can read
 * the answer alone.
 */
export class Output {
  readonly out: Sink;
  readonly err: Sink;
  readonly paint: Paint;
  readonly paintError: Paint;
  readonly allowsColours: boolean;

  constructor({ out, err, allowsColours }: OutputOptions) {
    this.out = out;
    this.err = err;
    this.allowsColours = allowsColours;
    this.paint = painter(allowsColours && out.isTerminal);
    this.paintError = painter(allowsColours && err.isTerminal);
  }

  line(text = ''): void {
    this.out.write(`${text}\n`);
  }

  lines(texts: readonly string[]): void {
    for (const text of texts) this.line(text);
  }

  json(value: unknown): void {
    this.line(safeJson(value));
  }

  /** One JSON value on one line, for streams of values. */
  jsonLine(value: unknown): void {
    this.line(safeJson(value, 0));
  }

  /** To standard error. */
  note(text: string): void {
    this.err.write(`${text}\n`);
  }
}
