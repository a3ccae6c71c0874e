// Tells in a few milliseconds whether every `dist/` still matches its sources.
// Plain JavaScript: the command line tool asks before each run, on any Node.
//
// Modification time and size are compared first; only files where they differ are read and hashed, so a checkout that
// was copied or checked out anew is recognised as built without compiling it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Raised when the build itself changes in a way that old outputs must not survive. */
const BUILD_FORMAT = 1;
const NOT_SHIPPED = /(\.test\.ts|\.test-d\.ts|\.d\.ts|\.d\.mts|\.tsx|\.md|~)$/;

export const indexPath = (root) => join(root, '.cache', 'build.json');

/** Folders, relative to the root, that have a `src` to build: packages/*, providers, apps/*. */
export function buildUnits(root) {
  const units = existsSync(join(root, 'providers', 'src')) ? ['providers'] : [];
  for (const group of ['packages', 'apps']) {
    if (!existsSync(join(root, group))) continue;
    for (const entry of readdirSync(join(root, group), { withFileTypes: true })) {
      const unit = `${group}/${entry.name}`;
      if (entry.isDirectory() && existsSync(join(root, unit, 'src'))) units.push(unit);
    }
  }
  return units.sort();
}

/** Every file below a folder, as paths relative to it. Symbolic links are not followed. */
export function listFiles(folder, prefix = '') {
  const found = [];
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) found.push(...listFiles(folder, path));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

/** The sources that are built or copied, with what each becomes; all paths relative to the root. */
export function listSources(root) {
  const sources = [];
  for (const unit of buildUnits(root)) {
    for (const path of listFiles(join(root, unit, 'src'))) {
      if (NOT_SHIPPED.test(path)) continue;
      const compiled = path.endsWith('.ts');
      const out = `${unit}/dist/${compiled ? path.replace(/\.ts$/, '.js') : path}`;
      sources.push({ source: `${unit}/src/${path}`, compiled, outputs: compiled ? [out, `${out}.map`] : [out] });
    }
  }
  return sources;
}

/** Identifies the compiler and its settings: when they change, everything is compiled again. */
export function compilerId(root) {
  const hash = createHash('sha256').update(`${BUILD_FORMAT}\n`);
  hash.update(readFileSync(join(root, '.swcrc')));
  hash.update(readFileSync(join(root, 'node_modules', '@swc', 'core', 'package.json')));
  return hash.digest('hex');
}

export const hashFile = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

export function readIndex(root) {
  try {
    const index = JSON.parse(readFileSync(indexPath(root), 'utf8'));
    return typeof index.compiler === 'string' && typeof index.files === 'object' && index.files !== null ? index : null;
  } catch {
    return null;
  }
}

/**
 * What a build would have to do. `fresh` is true when nothing; `touched` is true when only times changed, so that
 * writing the index again would make the next check faster.
 */
export function checkFreshness(root) {
  const index = readIndex(root);
  const compiler = compilerId(root);
  const usable = index !== null && index.compiler === compiler;
  const sources = listSources(root);
  const stale = [];
  const files = {};
  let touched = false;
  for (const entry of sources) {
    const path = join(root, entry.source);
    const stat = statSync(path);
    const known = usable ? index.files[entry.source] : undefined;
    const present =
      known !== undefined &&
      entry.outputs.every((out) => statSync(join(root, out), { throwIfNoEntry: false })?.isFile());
    const unmoved = known !== undefined && known.mtime === stat.mtimeMs && known.size === stat.size;
    if (present && unmoved) {
      files[entry.source] = known;
      continue;
    }
    const hash = hashFile(path);
    files[entry.source] = { mtime: stat.mtimeMs, size: stat.size, hash };
    if (present && known.hash === hash) touched = true;
    else stale.push(entry);
  }
  const removed = usable ? Object.keys(index.files).filter((source) => files[source] === undefined) : [];
  return {
    fresh: usable && stale.length === 0 && removed.length === 0,
    touched,
    stale,
    removed,
    sources,
    files,
    compiler,
  };
}
