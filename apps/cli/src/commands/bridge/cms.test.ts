import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace } from '../../../test/run-qv.ts';

const vectors = join(import.meta.dirname, '..', '..', '..', '..', '..', 'tests', 'vectors', 'cms-kemri');
const mlkem = 'mlkem768-2.16.840.1.101.3.4.4.2';
const message = `${mlkem}_kemri_auth_id-alg-hkdf-with-sha256_ukm.der`;
const unauthenticated = `${mlkem}_kemri_id-alg-hkdf-with-sha256.der`;

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

async function openPlace() {
  const workplace = await openWorkplace();
  const path = (name: string): string => join(workplace.folder, name);
  const take = (name: string, as: string): Buffer => {
    copyFileSync(join(vectors, name), path(as));
    return readFileSync(path(as));
  };
  take(message, 'message.der');
  take(`${mlkem}_seed_priv.der`, 'key.der');
  writeFileSync(path('message.pem'), pem('CMS', readFileSync(path('message.der'))));
  writeFileSync(path('key.pem'), pem('PRIVATE KEY', readFileSync(path('key.der'))), { mode: 0o600 });
  return { workplace, path, take, [Symbol.asyncDispose]: () => workplace[Symbol.asyncDispose]() };
}

it('ENV-8: a message of CMS opens with a private key, each in DER or PEM', async () => {
  await using place = await openPlace();
  const plaintext = readFileSync(join(vectors, 'expected_plaintext.txt'));
  for (const file of ['message.der', 'message.pem']) {
    for (const key of ['key.der', 'key.pem']) {
      const opened = await place.workplace.qv(`decrypt -i ${key} --force -o out ${file}`);
      expect(opened).toMatchObject({ exitCode: 0, out: expect.stringContaining('wrote') });
      expect(readFileSync(place.path('out'))).toEqual(plaintext);
    }
    const piped = await place.workplace.qv('decrypt -i key.pem -o - -', { input: readFileSync(place.path(file)) });
    expect({ exitCode: piped.exitCode, all: piped.all }).toMatchObject({ exitCode: 0 });
    expect(Buffer.from(piped.bytes)).toEqual(plaintext);
  }
});

it('ENV-8: what does not open leaves nothing behind, and its kind of failure is named', async () => {
  await using place = await openPlace();
  place.take(unauthenticated, 'old.der');
  place.take('mlkem512-2.16.840.1.101.3.4.4.1_seed_priv.der', 'other.der');
  const changed = readFileSync(place.path('message.der'));
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  writeFileSync(place.path('changed.der'), changed);
  writeFileSync(place.path('cut.der'), changed.subarray(0, 900));
  await place.workplace.qv('keygen -o own.key');
  const cases = [
    ['decrypt -i key.pem -o bad changed.der', 1, '[AUTHENTICATION_FAILED]'],
    ['decrypt -i key.pem -o bad cut.der', 1, '[MALFORMED]'],
    ['decrypt -i key.pem -o bad old.der', 1, '[UNSUPPORTED]'],
    ['decrypt -i other.der -o bad message.der', 1, '[KEY_NOT_FOUND]'],
    ['decrypt -i own.key -o bad message.der', 2, 'no private key'],
    ['decrypt -o bad message.der', 2, '-i'],
    ['decrypt --context a=b -i key.pem -o bad message.der', 2, '--context'],
    ['decrypt --passphrase-file key.pem -o bad message.der', 2, 'not with a passphrase'],
  ] as const;
  for (const [command, exitCode, said] of cases) {
    expect(await place.workplace.qv(command)).toMatchObject({ exitCode, out: '', err: expect.stringContaining(said) });
  }
  expect(readdirSync(place.workplace.folder).filter((name) => name.startsWith('bad'))).toEqual([]);
});

it('ENV-8: keys of EC and RSA are named as such, and AES-CBC is refused before any key', async () => {
  await using place = await openPlace();
  place.take(unauthenticated, 'old.der');
  const plain = {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  } as const;
  const put = (name: string, text: string): void => writeFileSync(place.path(name), text, { mode: 0o600 });
  put('ec.key', generateKeyPairSync('ec', { namedCurve: 'P-256', ...plain }).privateKey);
  put('rsa.key', generateKeyPairSync('rsa', { modulusLength: 2048, ...plain }).privateKey);
  put('x.key', generateKeyPairSync('x25519', plain).privateKey);
  for (const [key, kind] of [
    ['ec.key', 'of EC'],
    ['rsa.key', 'of RSA'],
    ['x.key', 'of X25519'],
  ]) {
    const { exitCode, err } = await place.workplace.qv(`decrypt -i ${key} -o bad message.der`);
    expect([exitCode, err]).toEqual([
      2,
      expect.stringContaining(`the private key is ${kind}; messages are opened with`),
    ]);
    const old = await place.workplace.qv(`decrypt -i ${key} -o bad old.der`);
    expect([old.exitCode, old.err]).toEqual([1, expect.stringContaining('(EnvelopedData) [UNSUPPORTED]')]);
  }
  expect(readdirSync(place.workplace.folder).filter((name) => name.startsWith('bad'))).toEqual([]);
});

it('ENV-8: a mail around a message is told from a file that is no envelope', async () => {
  await using place = await openPlace();
  writeFileSync(place.path('mail'), 'MIME-Version: 1.0\nContent-Type: application/pkcs7-mime\n\nMIIB\n');
  const { exitCode, err } = await place.workplace.qv('decrypt -i key.pem -o bad mail');
  expect([exitCode, err]).toEqual([2, expect.stringContaining('a mail (S/MIME)')]);
});

it('ENV-8: inspect names the recipients', async () => {
  await using place = await openPlace();
  const shown = await place.workplace.qv('inspect message.pem');
  expect(shown.out).toMatch(/CMS, AuthEnvelopedData[\s\S]*AES-256-GCM[\s\S]*kem +ML-KEM-768 +[0-9a-f]{40}/);
  expect(JSON.parse((await place.workplace.qv('inspect message.der --json')).out)).toMatchObject({
    format: 'CMS',
    authenticated: false,
    type: 'AuthEnvelopedData',
    contentBytes: 3,
    recipients: [{ type: 'kem', known: true, kem: 'ML-KEM-768', keyIdentifier: expect.any(String) }],
  });
});
