import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, type Workplace } from '../../../test/run-qv.ts';

const content = Uint8Array.from({ length: 200_001 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
const kit = join(import.meta.dirname, '..', '..', '..', '..', '..', 'tests', 'vectors', 'cctv-age');

interface Place extends AsyncDisposable {
  readonly workplace: Workplace;
  path(name: string): string;
  /** Makes a key and gives its recipient. */
  keygen(name: string, options?: string): Promise<string>;
}

async function openPlace(): Promise<Place> {
  const workplace = await openWorkplace();
  const path = (name: string): string => join(workplace.folder, name);
  writeFileSync(path('in'), content);
  return {
    workplace,
    path,
    keygen: async (name, options = '') => (await workplace.qv(`keygen --format age ${options} -o ${name}`)).out.trim(),
    [Symbol.asyncDispose]: () => workplace[Symbol.asyncDispose](),
  };
}

it('ENV-8: keygen makes a post-quantum key of age, or one that older versions know', async () => {
  await using place = await openPlace();
  const hybrid = await place.keygen('hybrid.key');
  expect(hybrid).toMatch(/^age1pq1[02-9ac-hj-np-z]{1952}$/);
  expect(readFileSync(place.path('hybrid.key'), 'utf8')).toMatch(
    new RegExp(`^# created: .*\n# public key: ${hybrid}\nAGE-SECRET-KEY-PQ-1[02-9AC-HJ-NP-Z]{58}\n$`),
  );
  expect(statSync(place.path('hybrid.key')).mode & 0o777).toBe(0o600);
  expect(await place.keygen('old.key', '--suite x25519')).toMatch(/^age1[02-9ac-hj-np-z]{58}$/);
  for (const wrong of ['--suite ml-kem-1024', '--profile cnsa-2.0', '--sign']) {
    expect(await place.workplace.qv(`keygen --format age ${wrong} -o wrong.key`)).toMatchObject({
      exitCode: 2,
      out: '',
    });
  }
  expect(await place.workplace.qv('keygen --format pgp -o wrong.key')).toMatchObject({ exitCode: 2, out: '' });
  expect(readdirSync(place.workplace.folder)).not.toContain('wrong.key');
});

it('ENV-8: a file of age opens without saying that it is one, binary and armored, from a file and from standard input', async () => {
  await using place = await openPlace();
  const { workplace } = place;
  const [alice, bob] = [await place.keygen('alice.key'), await place.keygen('bob.key')];
  writeFileSync(place.path('team'), `# the team\n${bob}\n`);
  for (const armor of ['', '--armor']) {
    const sealed = await workplace.qv(`encrypt --format age ${armor} -r ${alice} -R team -o out.age --force in`);
    expect(sealed).toMatchObject({ exitCode: 0, err: '', out: expect.stringMatching(/of age for 2 recipients\n$/) });
    const bytes = readFileSync(place.path('out.age'));
    expect(
      bytes
        .toString('latin1')
        .startsWith(armor === '' ? 'age-encryption.org/v1\n-> mlkem768x25519 ' : '-----BEGIN AGE'),
    ).toBe(true);
    for (const name of ['alice', 'bob']) {
      expect(await workplace.qv(`decrypt -i ${name}.key -o ${name}.out --force out.age`)).toMatchObject({
        exitCode: 0,
        err: '',
      });
      expect(Buffer.compare(readFileSync(place.path(`${name}.out`)), content)).toBe(0);
      expect(statSync(place.path(`${name}.out`)).mode & 0o777).toBe(0o600);
    }
    const piped = await workplace.qv('decrypt -i bob.key -o - -', { input: bytes });
    expect({ exitCode: piped.exitCode, all: piped.all }).toEqual({ exitCode: 0, all: '' });
    expect(Buffer.compare(piped.bytes, content)).toBe(0);
  }
});

it('ENV-8: a passphrase, and several files at once', async () => {
  await using place = await openPlace();
  const { workplace } = place;
  writeFileSync(place.path('words'), 'correct horse\n');
  writeFileSync(place.path('wrong'), 'battery staple\n');
  expect(await workplace.qv('encrypt --format age --passphrase-file words -o out.age in')).toMatchObject({
    exitCode: 0,
  });
  const wrong = await workplace.qv('decrypt --passphrase-file wrong -o back out.age');
  expect(wrong).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining('[NO_MATCH]') });
  expect(await workplace.qv('decrypt --passphrase-file words -o back out.age')).toMatchObject({ exitCode: 0 });
  expect(Buffer.compare(readFileSync(place.path('back')), content)).toBe(0);
  const alice = await place.keygen('alice.key');
  expect(await workplace.qv(`encrypt --format age -r ${alice} --out-dir . in words`)).toMatchObject({ exitCode: 0 });
  expect(readdirSync(workplace.folder)).toEqual(expect.arrayContaining(['in.age', 'words.age']));
});

it('ENV-5: what age has no place for is refused, at both ends, and not dropped', async () => {
  await using place = await openPlace();
  const { workplace } = place;
  const alice = await place.keygen('alice.key');
  await workplace.qv('keygen --sign -o sign.key');
  const asked = [
    '--context a=b',
    '--organization 019a0000-0000-7000-8000-00000000000b',
    '--purpose token',
    '--profile cnsa-2.0',
  ];
  for (const option of [...asked, '--sign sign.key']) {
    const { exitCode, err } = await workplace.qv(`encrypt --format age ${option} -r ${alice} -o bad.age in`);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(option.split(' ')[0] ?? '') });
  }
  await workplace.qv(`encrypt --format age -r ${alice} -o out.age in`);
  for (const option of [...asked, '--signer qvs1abc']) {
    const { exitCode, err } = await workplace.qv(`decrypt ${option} -i alice.key -o bad out.age`);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(option.split(' ')[0] ?? '') });
  }
  expect(await workplace.qv(`encrypt --armor -r ${alice} -o bad in`)).toMatchObject({ exitCode: 2 });
  expect(await workplace.qv(`encrypt --format pgp -r ${alice} -o bad in`)).toMatchObject({ exitCode: 2 });
  expect(await workplace.qv(`encrypt -r ${alice} -o bad in`)).toMatchObject({ exitCode: 2 });
  expect(readdirSync(workplace.folder).filter((name) => name.startsWith('bad'))).toEqual([]);
});

it('CRY-4: recipients of both kinds are refused, and those of the older kind are warned of', async () => {
  await using place = await openPlace();
  const { workplace } = place;
  const [hybrid, old] = [await place.keygen('a.key'), await place.keygen('b.key', '--suite x25519')];
  const mixed = await workplace.qv(`encrypt --format age -r ${hybrid} -r ${old} -o bad in`);
  expect(mixed).toMatchObject({ exitCode: 1, err: expect.stringContaining('[RECIPIENTS_MIXED]') });
  const warned = await workplace.qv(`encrypt --format age -r ${old} -o out.age in`);
  expect(warned).toMatchObject({ exitCode: 0, err: expect.stringContaining('not safe from quantum computers') });
  expect(readdirSync(workplace.folder)).not.toContain('bad');
});

it('ENV-5: a changed file leaves nothing behind, and its kind of failure is named', async () => {
  await using place = await openPlace();
  const { workplace } = place;
  const alice = await place.keygen('alice.key');
  await workplace.qv(`encrypt --format age -r ${alice} -o out.age in`);
  const file = readFileSync(place.path('out.age'));
  const cases: readonly [string, Buffer][] = [
    ['[PAYLOAD_INVALID]', file.subarray(0, file.length - 1)],
    ['[PAYLOAD_INVALID]', Buffer.concat([file, Buffer.from('x')])],
    ['[HEADER_MALFORMED]', file.subarray(0, 500)],
    ['[VERSION_UNSUPPORTED]', Buffer.concat([Buffer.from('age-encryption.org/v9'), file.subarray(21)])],
  ];
  for (const [kind, bytes] of cases) {
    writeFileSync(place.path('bad.age'), bytes);
    const { exitCode, err } = await workplace.qv('decrypt -i alice.key -o back bad.age');
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: expect.stringContaining(kind) });
  }
  await place.keygen('eve.key');
  expect(await workplace.qv('decrypt -i eve.key -o back out.age')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('[NO_MATCH]'),
  });
  expect(await workplace.qv('decrypt -o back out.age')).toMatchObject({ exitCode: 2 });
  await workplace.qv('keygen -o own.key');
  expect(await workplace.qv('decrypt -i own.key -o back out.age')).toMatchObject({
    exitCode: 2,
    err: expect.not.stringContaining('QV-SECRET'),
  });
  expect(readdirSync(workplace.folder).filter((name) => name.startsWith('back'))).toEqual([]);
});

it('ENV-8: inspect names the stanzas', async () => {
  await using place = await openPlace();
  const { workplace } = place;
  const inspect = async (bytes: Uint8Array, options = '') => {
    writeFileSync(place.path('file.age'), bytes);
    return workplace.qv(`inspect file.age ${options}`);
  };
  const kitFile = (name: string): Buffer => {
    const bytes = readFileSync(join(kit, name));
    return bytes.subarray(bytes.indexOf('\n\n') + 2);
  };
  const shown = await inspect(kitFile('x25519_grease'));
  expect(shown.out).toMatch(/age v1[\s\S]*X25519 +X25519, not safe[\s\S]*not known here/);
  expect(shown.err).toContain('Nothing of this was checked');
  expect(JSON.parse((await inspect(kitFile('scrypt_work_factor_wrong'), '--json')).out)).toEqual({
    format: 'age',
    authenticated: false,
    version: 1,
    armored: false,
    headerBytes: expect.any(Number),
    fileBytes: kitFile('scrypt_work_factor_wrong').length,
    stanzas: [{ type: 'scrypt', known: true, workFactor: '10' }],
  });
  expect(JSON.parse((await inspect(kitFile('armor_x25519'), '--json')).out)).toMatchObject({
    armored: true,
    stanzas: [{ type: 'X25519', known: true }],
  });
  expect(await inspect(kitFile('header_crlf'))).toMatchObject({ exitCode: 1, out: '' });
});
