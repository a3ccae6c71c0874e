import { systemClock } from './clock.ts';
import { httpClient } from './connection/http.ts';
import { processEnvironment } from './environment.ts';
import { exitCodes } from './errors.ts';
import { discardUnfinishedFiles } from './local/output-file.ts';
import { whenInterruptible } from './local/uninterrupted.ts';
import { run } from './program.ts';
import { Output, type Sink } from './terminal/output.ts';
import { processStandard } from './terminal/standard.ts';

const columnsDefault = 80;
/** 128 + the signal's number, as shells count. */
const exitOfSignal = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

function sinkOf(stream: NodeJS.WriteStream): Sink {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    columns: stream.columns || columnsDefault,
  };
}

// `qv assets | head` closes the pipe early: that ends the command and is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    discardUnfinishedFiles();
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`qv: the output cannot be written (${error.code ?? error.name})\n`);
    process.exit(exitCodes.wrongUse);
  });
}

for (const [signal, exitCode] of Object.entries(exitOfSignal)) {
  let isEnding = false;
  const end = (): void => {
    discardUnfinishedFiles();
    // The progress bar leaves the cursor within a line.
    if (process.stderr.isTTY) process.stderr.write('\n');
    process.exit(exitCode);
  };
  process.on(signal, () => {
    if (isEnding) return end();
    isEnding = true;
    whenInterruptible().then(end, end);
  });
}

const environment = processEnvironment();
const allowsColours = !environment.get('NO_COLOR') && environment.get('TERM') !== 'dumb';
const output = new Output({ out: sinkOf(process.stdout), err: sinkOf(process.stderr), allowsColours });
const cli = { output, environment, clock: systemClock, http: httpClient(environment), standard: processStandard };
process.exitCode = await run(process.argv.slice(2), cli);
