import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dependencyProblems, lockProblems, manifestProblems, npmrcProblems } from './lockfile.ts';
import { anchorsOf, commandProblems, linkProblems, linksOf, markdownProblems } from './markdown.ts';
import { treeWordProblems, wordProblems } from './words.ts';

const repository = resolve(import.meta.dirname, '../../..');
const messages = (problems: readonly { message: string }[]): string[] => problems.map(({ message }) => message);

describe('attack 29: dependency and install-script hygiene', () => {
  it('holds for this repository', () => {
    expect(dependencyProblems(repository)).toEqual([]);
  });

  it('refuses an address and a missing hash in the lock file', () => {
    const lock = {
      packages: {
        '': { version: '0.1.0' },
        'packages/a': { version: '0.1.0' },
        'node_modules/@quantumvault/a': { link: true, resolved: 'packages/a' },
        'node_modules/good': { version: '1.0.0', integrity: 'sha512-x' },
        'node_modules/addressed': { version: '1.0.0', integrity: 'sha512-x', resolved: 'https://mirror.example/a.tgz' },
        'node_modules/unhashed': { version: '1.0.0' },
      },
    };
    expect(messages(lockProblems(lock))).toEqual([
      'node_modules/addressed names an address: https://mirror.example/a.tgz',
      'node_modules/unhashed has no integrity hash',
    ]);
  });

  it.each(['^1.0.0', '~1.0.0', '1.x', 'latest', '*', '1.0', 'git+ssh://host/a.git', 'file:../a', '>=1.0.0'])(
    'refuses the version %s',
    (version) => {
      for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
        expect(manifestProblems('package.json', { [group]: { a: version } })).toHaveLength(1);
      }
    },
  );

  it('accepts exact versions and refuses scripts that run at install', () => {
    expect(manifestProblems('package.json', { dependencies: { a: '1.2.3', b: '18.4.0-beta.17' } })).toEqual([]);
    expect(manifestProblems('package.json', { scripts: { test: 'x', postinstall: 'x' } })).toHaveLength(1);
  });

  it('demands that npm runs no scripts, and refuses a registry or a credential', () => {
    const good = 'omit-lockfile-registry-resolved=true\nsave-exact=true\nignore-scripts=true\n';
    expect(npmrcProblems(good)).toEqual([]);
    expect(npmrcProblems(good.replace('ignore-scripts=true', 'ignore-scripts=false'))).toHaveLength(1);
    expect(npmrcProblems(`${good}registry=https://mirror.example\n`)).toHaveLength(1);
    expect(npmrcProblems(`${good}//mirror.example/:_authToken=abc\n`)).toHaveLength(1);
  });
});

describe('markdown', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'qv-markdown-'));
    writeFileSync(join(root, 'other.md'), '# Some `code` heading!\n\n## Twice\n\n## Twice\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('of this repository has no dead link and no unknown command', () => {
    expect(markdownProblems(repository)).toEqual([]);
  });

  it('has the anchors that GitHub makes', () => {
    expect([...anchorsOf('# Some `code` heading!\n## Twice\n## Twice\n```\n# no heading\n```\n')]).toEqual([
      'some-code-heading',
      'twice',
      'twice-1',
    ]);
  });

  it('links are read outside code, and outside addresses are left alone', () => {
    const text = '[a](b.md) [c](https://example.org) `[d](e.md)` ![f](g.png "title")\n\n[ref]: h.md\n';
    expect(linksOf(text)).toEqual(['b.md', 'g.png', 'h.md']);
  });

  it.each([
    ['other.md', []],
    ['other.md#twice-1', []],
    ['#here', []],
    ['none.md', ['the link none.md leads nowhere']],
    ['other.md#absent', ['the link other.md#absent names a heading that is not there']],
    ['../outside.md', ['the link ../outside.md leads out of the repository']],
  ])('link to %s', (link, expected) => {
    writeFileSync(join(root, 'page.md'), '# Here\n');
    expect(messages(linkProblems(root, 'page.md', `# Here\n[a](${link})\n`))).toEqual(expected);
  });

  it('commands must exist', () => {
    const text = 'Run `npm run lint`, `npm test` or\n```sh\nnpm run check -- types\nnode tools/none.ts\n```\n';
    expect(messages(commandProblems(root, 'page.md', text, { test: '', check: '' }))).toEqual([
      'node tools/none.ts: there is no such file',
      'npm run lint is not in package.json',
    ]);
  });
});

describe('words', () => {
  it('of this repository are clean', () => {
    expect(treeWordProblems(repository)).toEqual([]);
  });

  const marks = [`// ${'TO'}${'DO'}: later`, `/${'work'}/main`, `see ${'FIX'}${'ME'}`, `Coming ${'soon'}!`];
  it.each(marks)('refuse %s', (mark) => {
    expect(wordProblems('a.ts', `fine\n${mark}\n`)).toMatchObject([{ file: 'a.ts:2' }]);
  });

  it('refuse a private key, but not the header that a PEM reader looks for', () => {
    const header = `-----BEGIN PRIVATE ${'KEY'}-----`;
    expect(wordProblems('a.ts', `const header = '${header}';\nconst other = 'x';`)).toEqual([]);
    expect(wordProblems('a.pem', `${header}\n${'MIIE'.repeat(16)}\n`)).toHaveLength(1);
    expect(wordProblems('a.ts', `'${header}\\n${'MIIE'.repeat(16)}'`)).toHaveLength(1);
  });

  it.each(['const todoList = [];', 'docs/work/plan', 'https://example.org/work/', 'the method'])('allow %s', (text) => {
    expect(wordProblems('a.ts', text)).toEqual([]);
  });
});
