// Recognizes files of vectors by their content and place, and runs them through the public interface of the packages.
// Nothing is passed over in silence: what cannot be run is counted as skipped, with the reason.
import { runAcvp } from './acvp.ts';
import { runFloe, runHpke, runHybridKems, runMerkle } from './drafts.ts';
import { countTarMembers, countZipMembers, type VectorFile } from './files.ts';
import { isObject, type Json, objectsAt } from './json.ts';
import { runMlkemText } from './mlkem-texts.ts';
import { type FileReport, Tally } from './tally.ts';
import { runWycheproof } from './wycheproof.ts';

const plainName = (path: string): string => path.replace(/\.gz$/, '');
const isArchive = (path: string): boolean => /\.(?:tar|tar\.gz|tgz|zip)$/.test(path);
/** Descriptions that lie beside vectors. */
const isProse = (path: string): boolean => /\.md$|(?:^|\/)LICENSE/i.test(path);

/** Reports of all files, in order; `onFile` hears of each as it is done. */
export async function runVectors(
  files: readonly VectorFile[],
  onFile: (report: FileReport) => void,
): Promise<readonly FileReport[]> {
  const reports: FileReport[] = [];
  for (const file of files) {
    if (isProse(file.path)) continue;
    // The plaintext belongs to the ciphertext of the same name.
    const ciphertext = file.path.replace('_pt.txt', '_ct.txt');
    if (ciphertext !== file.path && files.some(({ path }) => path === ciphertext)) continue;
    const tally = new Tally();
    try {
      await runFile(file, files, tally);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      await tally.run(`the file itself (${name})`, () => false);
    }
    const report = tally.report(file.path, file.source);
    reports.push(report);
    onFile(report);
  }
  return reports;
}

async function runFile(file: VectorFile, files: readonly VectorFile[], tally: Tally): Promise<void> {
  const { path } = file;
  const bytes = file.read();
  if (isArchive(path)) {
    const count = path.endsWith('.zip') ? countZipMembers(bytes) : countTarMembers(bytes);
    return tally.skip('keys, certificates and CMS in archives are not read by this command', Math.max(1, count));
  }
  const text = new TextDecoder().decode(bytes);
  if (plainName(path).endsWith('.json')) return runJson(path, JSON.parse(text), tally);
  if (path.endsWith('_ct.txt')) {
    const partner = files.find((other) => other.path === path.replace('_ct.txt', '_pt.txt'));
    if (partner === undefined) return tally.skip('the plaintext of the stream is missing');
    return runFloe(path, text, new TextDecoder().decode(partner.read()), tally);
  }
  if (/ML-KEM/.test(path)) return runMlkemText(path, text, tally);
  if (path.endsWith('.rsp')) {
    const isFalcon = /falcon/i.test(path);
    const count = text.match(/^count = /gm)?.length ?? 1;
    return tally.skip(isFalcon ? 'Falcon is not offered' : 'the algorithm of the answers is not offered', count);
  }
  tally.skip(/^expect: /m.test(text) ? 'the format of age is not offered' : 'the format is not known');
}

/** Sets without test groups, by what they have instead. */
const otherSets: readonly { readonly isIt: (path: string) => boolean; readonly reason: string }[] = [
  { isIt: (path) => path.includes('composite-mldsa'), reason: 'composite ML-DSA is not offered' },
  { isIt: (path) => path.includes('composite-mlkem'), reason: 'composite ML-KEM of LAMPS is not offered' },
  { isIt: (path) => path.includes('slip39'), reason: 'SLIP-39 is not offered' },
  { isIt: (path) => path.includes('xaes'), reason: 'XAES-256-GCM is not offered' },
];

async function runJson(path: string, value: unknown, tally: Tally): Promise<void> {
  if (isObject(value)) return runObject(path, value, tally);
  const cases = Array.isArray(value) ? value.filter(isObject) : [];
  const [first] = cases;
  if (first !== undefined && 'kem_id' in first) return runHpke(cases, tally);
  if (first !== undefined && ['sk', 'pk', 'ct', 'ss'].every((name) => name in first)) {
    return runHybridKems(cases, tally);
  }
  const known = otherSets.find(({ isIt }) => isIt(path));
  tally.skip(known?.reason ?? 'the format is not known', Array.isArray(value) ? Math.max(1, value.length) : 1);
}

async function runObject(path: string, value: Json, tally: Tally): Promise<void> {
  if ('wantErr' in value) return runMerkle(value, tally);
  const known = otherSets.find(({ isIt }) => isIt(path));
  if (known !== undefined) {
    const list = Object.values(value).find(Array.isArray);
    return tally.skip(known.reason, Math.max(1, list?.length ?? 1));
  }
  if (!Array.isArray(value.testGroups)) return tally.skip('the format is not known');
  if ('schema' in value) return runWycheproof(value, tally);
  if (path.includes('slh-dsa')) {
    const count = objectsAt(value, 'testGroups').reduce((sum, group) => sum + objectsAt(group, 'tests').length, 0);
    return tally.skip('SLH-DSA is not offered', count);
  }
  return runAcvp(value, tally);
}
