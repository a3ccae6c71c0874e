/** What the tour says: sentences, the commands that it runs with their output, and what it expects of them. */
import { type Stage, TourError } from './stage.ts';

export interface TourLine {
  /** `continued` is the rest of a command that is too long for one line. */
  readonly kind: 'heading' | 'sentence' | 'command' | 'continued' | 'output' | 'check';
  readonly text: string;
}

/** Output is shown as it came; a line longer than this is cut, so that it stays one line. */
const columnsMax = 100;

export interface ShownCommand {
  /** Only these lines of the output; all of them unless given. Dots at the end say that some were left out. */
  readonly show?: readonly RegExp[];
  readonly exitCode?: number;
}

export class Guide {
  readonly #stage: Stage;
  readonly #print: (line: TourLine) => void;
  #checks = 0;

  constructor(stage: Stage, print: (line: TourLine) => void) {
    this.#stage = stage;
    this.#print = print;
  }

  /** How many expectations have been met. */
  get checks(): number {
    return this.#checks;
  }

  heading(text: string): void {
    this.#print({ kind: 'heading', text });
  }

  say(text: string): void {
    this.#print({ kind: 'sentence', text });
  }

  /** A command that the stage runs itself, as a person would type it. */
  typed(command: string): void {
    const [first, ...rest] = wrap(command);
    this.#print({ kind: 'command', text: first });
    for (const text of rest) this.#print({ kind: 'continued', text });
  }

  /** Runs `qv`, shows command and output, and expects its exit code. */
  async qv(words: readonly string[], { show, exitCode = 0 }: ShownCommand = {}): Promise<string> {
    this.typed(`npx qv ${words.join(' ')}`);
    const ran = await this.#stage.qv(words);
    const lines = ran.output.replaceAll(`${this.#stage.folder}/`, '').trimEnd().split('\n');
    const isWanted = (line: string): boolean => show === undefined || show.some((pattern) => pattern.test(line));
    // Whoever is to find out what went wrong needs all of it.
    const shown = ran.exitCode === exitCode ? lines.filter(isWanted) : lines;
    for (const line of shown) this.#print({ kind: 'output', text: cut(line) });
    if (shown.length < lines.length) this.#print({ kind: 'output', text: '...' });
    if (ran.exitCode !== exitCode) throw new TourError(`qv ${words.join(' ')} ended with ${ran.exitCode}`);
    return ran.output;
  }

  /** The same facts for the tour itself, without showing the command. */
  async facts<T>(...words: readonly string[]): Promise<T> {
    const { exitCode, output } = await this.#stage.qv([...words, '--json']);
    if (exitCode !== 0) throw new TourError(`qv ${words.join(' ')} --json ended with ${exitCode}:\n${output}`);
    return JSON.parse(output);
  }

  /** Ends the tour when what was promised did not happen. */
  expect(promise: string, isKept: boolean): void {
    if (!isKept) throw new TourError(`This was expected and did not happen: ${promise}`);
    this.#checks += 1;
    this.#print({ kind: 'check', text: promise });
  }
}

const cut = (line: string): string => (line.length > columnsMax ? `${line.slice(0, columnsMax - 1)}…` : line);

/** A command over several lines, as a shell reads it: each line but the last ends with a backslash. */
function wrap(command: string): [string, ...string[]] {
  const lines: string[] = [];
  let line = '';
  for (const word of command.split(' ')) {
    if (line !== '' && line.length + word.length > columnsMax - 4) {
      lines.push(`${line} \\`);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  const [first = line, ...rest] = [...lines, line];
  return [first, ...rest];
}
