/**
 * `npm run tour`: shows what QuantumVault does, on servers of its own, in well under a minute.
 *
 *   npm run tour                      its own installation, gone afterwards
 *   npm run tour -- --here            the installation that runs on this checkout; it keeps what was found
 *   npm run tour -- --any-ports       on any free ports, beside others who use those of the README
 *   npm run tour -- --picture FILE    also draws what was said, as an SVG
 *   npm run tour -- --photographs DIR also keeps pictures of the console in that folder
 *   npm run tour -- --pages DIR       only photographs every page of the console; --only PATTERN: those of such a name
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isAlive, readRunFile } from '../launcher/run-file.ts';
import type { TourLine } from './guide.ts';
import { drawTour } from './picture.ts';
import { Stage, TourError } from './stage.ts';
import { takeTour } from './tour.ts';

const root = resolve(import.meta.dirname, '../..');

const indents = {
  heading: '\n',
  sentence: '',
  command: '  $ ',
  continued: '      ',
  output: '    ',
  check: '  ok ',
} as const;
const colours = { heading: '1', sentence: '0', command: '36', continued: '36', output: '2', check: '32' } as const;

function printLine({ kind, text }: TourLine): void {
  const isPlain = process.env.NO_COLOR !== undefined || !process.stdout.isTTY;
  const line = `${indents[kind]}${text}`;
  process.stdout.write(isPlain || kind === 'sentence' ? `${line}\n` : `\u001b[${colours[kind]}m${line}\u001b[0m\n`);
}

function stageFor(isHere: boolean): Stage {
  if (!isHere) return Stage.own();
  const dataDir = resolve(process.env.QV_DATA_DIR ?? `${root}/.quantumvault`);
  const run = readRunFile(dataDir);
  if (run?.server === null || run?.server === undefined || !isAlive(run.server)) {
    throw new TourError(`No QuantumVault runs on ${dataDir}; begin with npm start, or leave --here out.`);
  }
  return Stage.beside(dataDir);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      here: { type: 'boolean', default: false },
      'any-ports': { type: 'boolean', default: false },
      picture: { type: 'string' },
      photographs: { type: 'string' },
      pages: { type: 'string' },
      only: { type: 'string' },
    },
  });
  if (values.pages !== undefined) {
    const { photographPages } = await import('./pages.ts');
    await photographPages(resolve(values.pages), values.only);
    return 0;
  }
  const since = performance.now();
  const stage = stageFor(values.here);
  const lines: TourLine[] = [];
  const print = (line: TourLine): void => {
    lines.push(line);
    printLine(line);
  };
  // Ctrl-C ends the tour like its last step does: nothing stays behind.
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      isInterrupted = true;
      void stage.close();
    });
  }
  try {
    const checks = await takeTour({ stage, isOwn: !values.here, usesUsualPorts: !values['any-ports'], print });
    // Only those who want pictures need the browser's driver.
    if (values.photographs !== undefined) {
      const { takePhotographs } = await import('./photographs.ts');
      await takePhotographs(stage, resolve(values.photographs));
    }
    const seconds = ((performance.now() - since) / 1000).toFixed(0);
    if (values.picture !== undefined) writeFileSync(values.picture, drawTour(lines));
    printLine({
      kind: 'heading',
      text: `The tour is over: ${checks} promises kept in ${seconds} s. Its servers end now.`,
    });
    return 0;
  } catch (error) {
    if (isInterrupted) return 130;
    if (!(error instanceof TourError)) throw error;
    process.stderr.write(`\nThe tour ends here. ${error.message}\n`);
    return 1;
  } finally {
    await stage.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  // A wrong option, or a machine on which the tour cannot run.
  process.stderr.write(`tour: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
