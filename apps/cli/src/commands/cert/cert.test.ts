import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, type Workplace } from '../../../test/run-qv.ts';

const path = (workplace: Workplace, name: string): string => join(workplace.folder, name);
const read = (workplace: Workplace, name: string): string => readFileSync(path(workplace, name), 'utf8');

async function done(workplace: Workplace, command: string, options: Parameters<Workplace['qv']>[1] = {}) {
  const ran = await workplace.qv(command, options);
  expect([command, ran.exitCode, ran.err]).toEqual([command, 0, '']);
  return ran.out;
}

/** A folder with a root authority. */
async function withRoot(algorithm = 'ML-DSA-65'): Promise<Workplace> {
  const workplace = await openWorkplace();
  await done(workplace, `cert init-ca --subject CN=Root --algorithm ${algorithm} --key-out root.key -o root.crt`);
  return workplace;
}

const authority = '--ca-cert root.crt --ca-key root.key';

it.each(['ML-DSA-65', 'ML-DSA-87', 'Ed25519', 'p256', 'p384', 'rsa-2048', 'SLH-DSA-SHA2-128f'])(
  'PKI-1: %s: an authority, one below it, a server; the runtime agrees, and qv verify does',
  async (algorithm) => {
    await using workplace = await withRoot(algorithm);
    const how = `--algorithm ${algorithm}`;
    await done(
      workplace,
      `cert issue ${authority} --profile intermediate --subject CN=Middle ${how} --key-out middle.key -o middle.crt`,
    );
    await done(
      workplace,
      `cert issue --ca-cert middle.crt --ca-key middle.key --dns www.example.org ${how} --key-out www.key -o www.crt`,
    );
    const [root, middle, www] = ['root', 'middle', 'www'].map(
      (name) => new X509Certificate(read(workplace, `${name}.crt`)),
    );
    expect(root && middle?.verify(root.publicKey)).toBe(true);
    expect(middle && www?.verify(middle.publicKey)).toBe(true);
    expect(www?.checkHost('www.example.org')).toBe('www.example.org');
    expect(www?.checkPrivateKey(createPrivateKey(read(workplace, 'www.key')))).toBe(true);
    expect(statSync(path(workplace, 'www.key')).mode & 0o777).toBe(0o600);
    const out = await done(
      workplace,
      'cert verify --trust root.crt --chain middle.crt --purpose server --host www.example.org www.crt',
    );
    expect(out).toBe(
      'holds; whether it was revoked was not checked\n  CN=www.example.org\n    CN=Middle\n      CN=Root\n',
    );
    expect(
      await workplace.qv('cert verify --trust root.crt --chain middle.crt --host b.example.org www.crt'),
    ).toMatchObject({
      exitCode: 1,
      out: 'does not hold: host. The certificate is not for b.example.org. (CN=www.example.org)\n',
    });
  },
);

it('PKI-1: the defaults give an authority below the root years, and what reaches beyond names the days', async () => {
  await using workplace = await withRoot('Ed25519');
  const middle = '--profile intermediate --subject CN=Middle --key-out middle.key -o middle.crt';
  expect(await done(workplace, `cert issue ${authority} ${middle}`)).toContain('until 2031-11-23');
  const below = '--ca-cert middle.crt --ca-key middle.key';
  expect(await done(workplace, `cert issue ${below} --dns a.example --key-out a.key -o a.crt`)).toContain('2027-02-22');
  const far = await workplace.qv(`cert issue ${below} --days 1826 --dns b.example --key-out b.key -o b.crt`);
  expect(far).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining('give --days 1825 or less') });
  await done(workplace, 'cert csr --subject CN=Other --key-out other.key -o other.csr');
  const answered = `cert sign-csr ${below} --profile intermediate --subject CN=Other -o other.crt other.csr`;
  expect((await workplace.qv(`${answered} --days 4000`)).err).toContain('give --days 1825 or less');
  expect(existsSync(path(workplace, 'b.key'))).toBe(false);
});

it('PKI-1: composite certificates, which the runtime does not know, are issued and checked', async () => {
  await using workplace = await withRoot('MLDSA65-Ed25519-SHA512');
  await done(
    workplace,
    `cert issue ${authority} --dns a.example --algorithm MLDSA44-ECDSA-P256-SHA256 --key-out a.key -o a.crt`,
  );
  expect(await done(workplace, 'cert verify --trust root.crt --host a.example a.crt')).toContain('holds');
  const [shown] = JSON.parse(await done(workplace, 'cert show a.crt --json'));
  expect(shown).toMatchObject({
    ...{ kind: 'certificate', subject: 'CN=a.example', issuer: 'CN=Root', quantumVulnerable: false },
    ...{ keyAlgorithm: 'MLDSA44-ECDSA-P256-SHA256', signatureAlgorithm: 'MLDSA65-Ed25519-SHA512' },
  });
});

it('PKI-1: a request is made, shown with its proof, and answered', async () => {
  await using workplace = await withRoot('Ed25519');
  await done(workplace, 'cert csr --dns www.example.org --ip 192.0.2.1 --key-out www.key -o www.csr');
  expect(await done(workplace, 'cert show www.csr')).toMatch(/proof of the key +genuine/);
  const { out, err } = await workplace.qv(`cert sign-csr ${authority} -o www.crt www.csr`);
  expect(err).toBe('qv: to be certified: CN=www.example.org; names: dns www.example.org, address 192.0.2.1\n');
  expect(out).toMatch(
    /^wrote <folder>\/www\.crt: CN=www\.example\.org, serial [4-7][0-9a-f]{39}, until 2027-02-22 12:00:00Z\n$/,
  );
  expect(new X509Certificate(read(workplace, 'www.crt')).subjectAltName).toBe(
    'DNS:www.example.org, IP Address:192.0.2.1',
  );
  expect(await workplace.qv(`cert sign-csr ${authority} --profile code-signing -o code.crt www.csr`)).toMatchObject({
    exitCode: 0,
    err: 'qv: to be certified: CN=www.example.org; names: none\nqv: asked for and left out: 2.5.29.17\n',
  });
  const request = Buffer.from(read(workplace, 'www.csr').replace(/-----.*-----|\s/g, ''), 'base64');
  request[request.length - 1] = (request.at(-1) ?? 0) ^ 1;
  writeFileSync(path(workplace, 'bad.csr'), request);
  expect(await workplace.qv(`cert sign-csr ${authority} -o bad.crt bad.csr`)).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(/\nqv: The request proves nothing: its signature does not verify with its key\.\n$/),
  });
  expect(existsSync(path(workplace, 'bad.crt'))).toBe(false);
});

it.each(['client', 'peer'])(
  'PKI-1: who asks for a %s certificate does not choose its subject unseen',
  async (profile) => {
    await using workplace = await withRoot('Ed25519');
    await done(workplace, 'cert csr --subject CN=admin --dns a.example --key-out a.key -o a.csr');
    const sign = `cert sign-csr ${authority} --profile ${profile} -o a.crt a.csr`;
    expect(await workplace.qv(sign)).toMatchObject({ exitCode: 2, err: expect.stringContaining('give --subject, or') });
    expect(await workplace.qv(`${sign} --subject CN=a --copy-subject`)).toMatchObject({ exitCode: 2 });
    expect(existsSync(path(workplace, 'a.crt'))).toBe(false);
    expect(await workplace.qv(`${sign} --subject CN=guest`)).toMatchObject({
      ...{ exitCode: 0, err: 'qv: to be certified: CN=guest; names: dns a.example\n' },
    });
    expect(new X509Certificate(read(workplace, 'a.crt')).subject).toBe('CN=guest');
    expect(await workplace.qv(`${sign} --copy-subject --force`)).toMatchObject({
      ...{ exitCode: 0, err: 'qv: to be certified: CN=admin; names: dns a.example\n' },
    });
  },
);

it('PKI-1: a key of an authority that others can read is warned of', async () => {
  await using workplace = await withRoot('Ed25519');
  chmodSync(path(workplace, 'root.key'), 0o644);
  expect(await workplace.qv(`cert crl ${authority} -o 1.crl`)).toMatchObject({
    ...{ exitCode: 0, err: 'qv: others can read the key file (mode 0644); it should be 0600\n' },
  });
});

it('PKI-1: revocation: lists go on from the one before, and verify reads them', async () => {
  await using workplace = await withRoot('p256');
  for (const name of ['a', 'b']) {
    await done(workplace, `cert issue ${authority} --dns ${name}.example --key-out ${name}.key -o ${name}.crt`);
  }
  const serial = new X509Certificate(read(workplace, 'a.crt')).serialNumber;
  await done(workplace, `cert crl ${authority} -o 1.crl`);
  const list = '--trust root.crt --require-crl --crl';
  expect(await done(workplace, `cert verify ${list} 1.crl a.crt`)).toMatch(/^holds\n/);
  await done(workplace, `cert crl ${authority} --previous 1.crl --revoke ${serial}=keyCompromise -o 2.crl`);
  expect(await workplace.qv(`cert verify ${list} 2.crl a.crt`)).toMatchObject({
    exitCode: 1,
    out: expect.stringContaining('does not hold: revoked. It was revoked at 2026-11-24T12:00:00Z (keyCompromise).'),
  });
  expect(await done(workplace, `cert verify ${list} 2.crl b.crt`)).toMatch(/^holds\n/);
  expect(JSON.parse(await done(workplace, 'cert show 2.crl --json'))).toMatchObject([
    {
      kind: 'revocation-list',
      number: '02',
      entries: 1,
      revoked: [{ serialNumber: serial.toLowerCase(), reason: 'keyCompromise' }],
    },
  ]);
  expect(await workplace.qv(`cert crl ${authority} --previous 2.crl --revoke ${serial} -o 3.crl`)).toMatchObject({
    exitCode: 2,
  });
  expect(await workplace.qv(`cert crl ${authority} --revoke 01=because -o 3.crl`)).toMatchObject({ exitCode: 2 });
  expect(await workplace.qv(`cert verify --trust root.crt --require-crl a.crt`)).toMatchObject({
    exitCode: 1,
    out: expect.stringContaining('revocation-unknown'),
  });
  await done(workplace, 'cert init-ca --subject CN=Root --algorithm p256 --key-out other.key -o other.crt');
  expect(await workplace.qv('cert crl --ca-cert other.crt --ca-key other.key --previous 2.crl -o 3.crl')).toMatchObject(
    {
      exitCode: 2,
      err: expect.stringContaining('not a list that this authority signed'),
    },
  );
});

it('PKI-1: a list that is out of date still revokes, and says why it clears nobody', async () => {
  await using workplace = await withRoot('Ed25519');
  for (const name of ['a', 'b']) {
    await done(workplace, `cert issue ${authority} --dns ${name}.example --key-out ${name}.key -o ${name}.crt`);
  }
  const serial = new X509Certificate(read(workplace, 'a.crt')).serialNumber;
  await done(workplace, `cert crl ${authority} --days 1 --revoke ${serial} -o 1.crl`);
  const verify = 'cert verify --trust root.crt --crl 1.crl --at 2026-12-24T00:00:00Z';
  expect(await workplace.qv(`${verify} a.crt`)).toMatchObject({
    exitCode: 1,
    out: 'does not hold: revoked. It was revoked at 2026-11-24T12:00:00Z. (CN=a.example)\n',
  });
  expect(await workplace.qv(`${verify} b.crt`)).toMatchObject({
    exitCode: 1,
    out: 'does not hold: revocation-unknown. Whether it was revoked is not known: the list is out of date. (CN=b.example)\n',
  });
});

it.each(['', '--der'])(
  'PKI-1: a list that is replaced is gone on with, or forgotten in so many words (%s)',
  async (der) => {
    await using workplace = await withRoot('Ed25519');
    const crl = `cert crl ${authority} ${der}`;
    const listed = async (name: string) => {
      const [{ number, revoked }] = JSON.parse(await done(workplace, `cert show ${name} --json`));
      return [number, revoked.map(({ serialNumber }: { serialNumber: string }) => serialNumber)];
    };
    await done(workplace, `${crl} --revoke 0a -o 1.crl`);
    const first = readFileSync(path(workplace, '1.crl'));
    expect(await workplace.qv(`${crl} -o 1.crl --force`)).toMatchObject({
      exitCode: 2,
      err: 'qv: 1.crl is a list of this authority: go on with it (--previous 1.crl), or forget what it revokes (--new-series).\n',
    });
    expect(await workplace.qv(`${crl} --previous 1.crl --new-series -o 1.crl --force`)).toMatchObject({ exitCode: 2 });
    expect(readFileSync(path(workplace, '1.crl'))).toEqual(first);
    await done(workplace, `${crl} --previous 1.crl --revoke 0b -o 1.crl --force`);
    expect(await listed('1.crl')).toEqual(['02', ['0a', '0b']]);
    writeFileSync(path(workplace, 'old.crl'), first);
    expect(await workplace.qv(`${crl} --previous old.crl -o 1.crl --force`)).toMatchObject({
      exitCode: 2,
      err: 'qv: 1.crl has the number 2; 2 cannot follow it.\n',
    });
    expect(await listed('1.crl')).toEqual(['02', ['0a', '0b']]);
    expect(await workplace.qv(`${crl} --revoke 0c --revoke 0c=superseded -o 2.crl`)).toMatchObject({ exitCode: 2 });
    await done(workplace, `${crl} --new-series -o 1.crl --force`);
    expect(await listed('1.crl')).toEqual(['03', []]);
    const broken = `-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n`;
    writeFileSync(path(workplace, 'broken.crl'), broken);
    expect(await workplace.qv(`${crl} -o broken.crl --force`)).toMatchObject({ exitCode: 2 });
    expect(read(workplace, 'broken.crl')).toBe(broken);
  },
);

it('PKI-1: an ML-KEM key gets a certificate for encryption', async () => {
  await using workplace = await withRoot();
  writeFileSync(
    path(workplace, 'kem.pub'),
    generateKeyPairSync('ml-kem-768').publicKey.export({ format: 'pem', type: 'spki' }),
  );
  const command = `cert issue ${authority} --public-key kem.pub --subject CN=mailbox`;
  await done(workplace, `${command} --profile encryption -o kem.crt`);
  expect(await done(workplace, 'cert show kem.crt')).toMatch(/key usage +keyEncipherment\n/);
  expect(await workplace.qv(`${command} --profile client -o no.crt`)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('only the profile encryption is open to it'),
  });
});

it('PKI-1: what an authority may not issue is refused, and no certificate is left behind', async () => {
  await using workplace = await openWorkplace();
  await done(
    workplace,
    'cert init-ca --subject CN=Lab --permit dns:lab.example --path-length 0 --key-out root.key -o root.crt',
  );
  const outside = `cert issue ${authority} --dns www.example.org --key-out www.key -o www.crt`;
  expect(await workplace.qv(outside)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('name constraints exclude the dns name "www.example.org"'),
  });
  expect(existsSync(path(workplace, 'www.crt'))).toBe(false);
  const below = `cert issue ${authority} --profile intermediate --subject CN=x --key-out x.key -o x.crt`;
  expect(await workplace.qv(below)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('no authority may stand below it'),
  });
  await done(workplace, `cert issue ${authority} --dns a.lab.example --key-out a.key -o a.crt`);
});

it('PKI-1: a key with a passphrase is an envelope, and opens with it alone', async () => {
  await using workplace = await openWorkplace();
  const make = 'cert init-ca --subject CN=Root --passphrase --key-out root.key -o root.crt';
  await done(workplace, make, { secrets: ['correct horse', 'correct horse'] });
  expect(readFileSync(path(workplace, 'root.key')).subarray(0, 4).toString('latin1')).toBe('QV1\0');
  const issue = `cert issue ${authority} --ca-passphrase --dns a.example --key-out a.key -o a.crt`;
  await done(workplace, issue, { secrets: ['correct horse'] });
  expect(read(workplace, 'a.key')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(await workplace.qv(`${issue} --force`, { secrets: ['wrong'] })).toMatchObject({ exitCode: 1 });
  const silent = await workplace.qv(`cert crl ${authority} -o 1.crl`);
  expect(silent).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('encrypted; add --ca-passphrase or --ca-passphrase-file.'),
  });
  writeFileSync(path(workplace, 'pass'), 'correct horse\n');
  await done(workplace, `cert crl ${authority} --ca-passphrase-file pass -o 1.crl`);
});

it('PKI-1: nothing is replaced without --force, and no private key is printed or left half written', async () => {
  await using workplace = await withRoot('Ed25519');
  const before = read(workplace, 'root.key');
  const again = 'cert init-ca --subject CN=Root --algorithm Ed25519 --key-out root.key -o root.crt';
  expect(await workplace.qv(again)).toMatchObject({ exitCode: 2, out: '' });
  expect(read(workplace, 'root.key')).toBe(before);
  expect(await workplace.qv(`${again} --force`)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('--force replaces no private key. Choose another name, or remove it yourself.'),
  });
  expect(read(workplace, 'root.key')).toBe(before);
  await done(workplace, `${again} --force`.replace('--key-out root.key', '--key-out new.key'));
  expect(await workplace.qv('cert init-ca --subject CN=x --key-out - -o x.crt')).toMatchObject({
    exitCode: 2,
    out: '',
  });
  const { all } = await workplace.qv(`cert issue ${authority} --dns a.example --key-out a.key -o -`);
  expect(all).not.toContain('PRIVATE KEY');
  expect(readdirSync(workplace.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('PKI-1: --force destroys no private key, whichever option names it', async () => {
  await using workplace = await withRoot('Ed25519');
  await done(workplace, 'cert csr --dns a.example --key-out a.key -o a.csr');
  writeFileSync(path(workplace, 'pass'), 'correct horse\n');
  await done(workplace, 'cert csr --dns a.example --passphrase-file pass --key-out sealed.key -o b.csr');
  const key = createPrivateKey(read(workplace, 'a.key'));
  writeFileSync(path(workplace, 'raw.key'), key.export({ format: 'der', type: 'pkcs8' }));
  writeFileSync(path(workplace, 'notes'), 'no certificate');
  symlinkSync('root.key', path(workplace, 'soft.key'));
  linkSync(path(workplace, 'root.key'), path(workplace, 'hard.key'));
  mkdirSync(path(workplace, 'below'));
  symlinkSync('..', path(workplace, 'below/up'));
  const files = readdirSync(workplace.folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const all = () => files.map(({ name }) => readFileSync(path(workplace, name), 'base64'));
  const before = all();
  const issue = `cert issue ${authority} --dns a.example`;
  for (const command of [
    'cert init-ca --subject CN=x --algorithm p256 --key-out new -o new',
    'cert init-ca --subject CN=x --algorithm p256 --key-out new -o below/up/new',
    'cert init-ca --subject CN=x --algorithm p256 --key-out root.key -o x.crt',
    'cert init-ca --subject CN=x --algorithm p256 --key-out x.key -o root.key',
    'cert init-ca --subject CN=x --algorithm p256 --passphrase-file pass --key-out x.key -o pass',
    `${issue} --key-out root.key -o x.crt`,
    `${issue} --key-out soft.key -o x.crt`,
    `${issue} --key-out x.key -o root.key`,
    `${issue} --key-out x.key -o soft.key`,
    `${issue} --key-out x.key -o hard.key`,
    `${issue} --key-out x.key -o root.crt`,
    ...['a.key', 'sealed.key', 'raw.key', 'notes'].map((name) => `${issue} --key-out x.key -o ${name}`),
    'cert csr --dns a.example --key a.key -o a.key',
    `cert sign-csr ${authority} -o a.csr a.csr`,
    `cert sign-csr ${authority} -o root.key a.csr`,
    `cert crl ${authority} -o root.key`,
    `cert crl ${authority} -o a.key`,
  ]) {
    expect([command, await workplace.qv(`${command} --force`)]).toMatchObject([command, { exitCode: 2, out: '' }]);
    expect([command, all()]).toEqual([command, before]);
  }
  expect(['new', 'x.key', 'x.crt'].filter((name) => existsSync(path(workplace, name)))).toEqual([]);
  await done(workplace, `${issue} --key-out x.key -o a.csr --force`);
  expect(await workplace.qv(`${issue} --key-out x2.key -o missing/x.crt`)).toMatchObject({ exitCode: 2 });
  expect(existsSync(path(workplace, 'x2.key'))).toBe(false);
  expect(readdirSync(workplace.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('PKI-2: what is no certificate is said in words', async () => {
  await using workplace = await withRoot('Ed25519');
  writeFileSync(path(workplace, 'junk'), 'hello');
  writeFileSync(path(workplace, 'junk.der'), Uint8Array.of(0x30, 0x03, 0x02, 0x01));
  for (const command of [
    'cert show junk',
    'cert show junk.der',
    'cert verify --trust junk root.crt',
    'cert verify --trust junk.der root.crt',
    `cert sign-csr ${authority} -o x.crt root.crt`,
    'cert issue --ca-cert root.crt --ca-key root.crt --dns a.example --key-out a.key -o a.crt',
    `cert issue ${authority} --dns a.example -o a.crt`,
    `cert issue ${authority} --dns a..b --key-out a.key -o a.crt`,
    `cert issue ${authority} --profile everything --dns a.example --key-out a.key -o a.crt`,
    'cert init-ca --subject CN=x --algorithm rot13 --key-out x.key -o x.crt',
    'cert init-ca --subject nonsense --key-out y.key -o y.crt',
  ]) {
    const { exitCode, err } = await workplace.qv(command);
    expect([command, exitCode, err.startsWith('qv: '), err.includes('internal')]).toEqual([command, 2, true, false]);
  }
  expect(await workplace.qv('cert verify --trust root.crt junk.der')).toMatchObject({
    exitCode: 1,
    out: expect.stringContaining('malformed'),
  });
});
