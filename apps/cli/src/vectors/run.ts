// Recognizes files of vectors by their content and place, and runs them through the public interface of the packages.
// Nothing is passed over in silence: what cannot be run is counted as skipped, with the reason.
import { systemCode } from '../errors.ts';
import { isArchive, members } from './archives.ts';
import type { Recognition, VectorSource } from './source.ts';
import { acvp } from './sources/acvp.ts';
import { age } from './sources/age.ts';
import { cms } from './sources/cms.ts';
import { compositeMlkem } from './sources/composite-mlkem.ts';
import { compositeSignatures } from './sources/composite-signatures.ts';
import { falcon } from './sources/falcon.ts';
import { floe } from './sources/floe.ts';
import { hpke } from './sources/hpke.ts';
import { hybridKems } from './sources/hybrid-kems.ts';
import { keyFiles } from './sources/key-files.ts';
import { merkle } from './sources/merkle.ts';
import { mlkemTexts } from './sources/mlkem-texts.ts';
import { notOffered } from './sources/not-offered.ts';
import { slhDsa } from './sources/slh-dsa.ts';
import { wycheproof } from './sources/wycheproof.ts';
import { type FileReport, Tally } from './tally.ts';
import { type Entry, VectorFile } from './vector-file.ts';

/**
 * Every source, the first that recognizes a file runs it: see {@link VectorSource} for how to add one. Algorithms of
 * Wycheproof and of ACVP are added to the tables of those two files instead.
 */
const sources: readonly VectorSource[] = [
  wycheproof,
  acvp,
  age,
  cms,
  hpke,
  compositeMlkem,
  ...hybridKems,
  merkle,
  floe,
  ...mlkemTexts,
  compositeSignatures,
  slhDsa,
  falcon,
  keyFiles,
  ...notOffered,
];

/** Descriptions that lie beside vectors, and what some systems leave in folders and archives. */
const isProse = (path: string): boolean =>
  /\.md$|(?:^|\/)(?:LICENSE|NOTICE|COPYING)[^/]*$|(?:^|\/)\.DS_Store$|(?:^|\/)__MACOSX\//i.test(path);

/** The folders of the published sets, for files whose content does not say where they are from. */
const knownFolders = ['lamps', 'pqc-certificates', 'cctv', 'age'];

function sourceOf(path: string): string {
  const parts = path.split('/').map((part) => part.replace(/\..*$/, ''));
  return knownFolders.find((folder) => parts.includes(folder)) ?? path.split('/')[0] ?? path;
}

/** Reports of all files, in order; `onFile` hears of each as it is done. */
export async function runVectors(
  files: readonly Entry[],
  onFile: (report: FileReport) => void,
): Promise<readonly FileReport[]> {
  const reports: FileReport[] = [];
  for (const entry of files) {
    if (isProse(entry.path)) continue;
    const tally = new Tally();
    const source = await runEntry(entry, files, tally);
    if (source === 'part') continue;
    const report = tally.report(entry.path, source ?? sourceOf(entry.path));
    reports.push(report);
    onFile(report);
  }
  return reports;
}

/** Runs a file or an archive; the answer is the name of its source, if the content tells. */
async function runEntry(
  entry: Entry,
  entries: readonly Entry[],
  tally: Tally,
  depth = 0,
): Promise<string | 'part' | undefined> {
  let file: VectorFile;
  let inside: readonly Entry[] | undefined;
  try {
    file = new VectorFile(entry, entries);
    inside = isArchive(file.bytes) ? members(entry.path, file.bytes) : undefined;
  } catch (error) {
    // Not a failure of ours: nothing is known of the file but that it cannot be read, or unpacks to too much.
    tally.skip(`not recognized: it cannot be read (${systemCode(error)})`);
    return undefined;
  }
  if (inside === undefined) return runFile(file, tally);
  if (depth > 0) {
    tally.skip('not recognized: an archive within an archive');
    return undefined;
  }
  let source: string | undefined;
  for (const member of inside) {
    if (isProse(member.path)) continue;
    tally.within(member.path.slice(entry.path.length + 1));
    const own = await runEntry(member, inside, tally, depth + 1);
    if (own !== 'part') source ??= own;
  }
  return source;
}

/** The source that takes the file. One that fails on a file of another kind has not recognized it. */
function recognize(file: VectorFile): { readonly source: VectorSource; readonly as: Recognition } | undefined {
  for (const source of sources) {
    try {
      const as = source.recognize(file);
      if (as !== undefined) return { source, as };
    } catch {
      // The next one may know it.
    }
  }
  return undefined;
}

async function runFile(file: VectorFile, tally: Tally): Promise<string | 'part' | undefined> {
  const found = recognize(file);
  if (found === undefined) {
    tally.skip('not recognized');
    return undefined;
  }
  if (found.as === 'part') return 'part';
  try {
    await found.source.run(file, tally);
  } catch (error) {
    // A set that was recognized and then is not what it should be proves nothing, which is no reason to pass it.
    const name = error instanceof Error ? error.name : 'unknown error';
    await tally.run(`the file itself (${name})`, () => false);
  }
  return found.source.source;
}
