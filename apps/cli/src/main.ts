import { systemClock } from './clock.ts';
import { nodeHttp } from './connection/http.ts';
import { processEnvironment } from './environment.ts';
import { run } from './program.ts';
import { Output, type Sink } from './terminal/output.ts';

const columnsDefault = 80;
/** 128 + SIGINT, as shells count. */
const interrupted = 130;

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
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

process.on('SIGINT', () => {
  // The progress bar leaves the cursor within a line.
  if (process.stderr.isTTY) process.stderr.write('\n');
  process.exit(interrupted);
});

const environment = processEnvironment();
const allowsColours = !environment.get('NO_COLOR') && environment.get('TERM') !== 'dumb';
const output = new Output({ out: sinkOf(process.stdout), err: sinkOf(process.stderr), allowsColours });
process.exitCode = await run(process.argv.slice(2), { output, environment, clock: systemClock, http: nodeHttp });
