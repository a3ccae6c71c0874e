import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateRecipient, hpkeSeal } from '../hpke/hpke.ts';
import { generateCompositeKemKey, generateKemKey, importKemKey, kemEncapsulateTo, kemNames } from '../hpke/kems.ts';
import { findHpkeSuite, hpkeSuite, hpkeSuites } from '../hpke/suites.ts';
import { xwingSizes } from '../hpke/xwing.ts';
import { generateSigningKeyAsync } from '../signature.ts';
import { compositeSignatureAlgorithms, signatureAlgorithms, signatureSchemes } from '../signature-schemes.ts';
import { implementationOf, vettedLibraries } from './implementation.ts';
import { algorithm, algorithms, findAlgorithm, findPublicKeyAlgorithm, findTlsGroup, statusAt } from './registry.ts';
import { transitionDocuments } from './transitions.ts';

describe('registry', () => {
  it('CRY-9: unknown is an error; aliases are read and never are ids', () => {
    const unknown = expect.objectContaining({ code: 'CRYPTO_ALGORITHM_UNKNOWN' });
    for (const name of ['Kyber768', 'ml-kem-768', 'no such', '', 'constructor', '__proto__']) {
      expect(() => algorithm(name)).toThrow(unknown);
    }
    expect(findAlgorithm('no such')).toBeUndefined();
    expect(findAlgorithm('constructor')).toBeUndefined();
  });

  it.each([
    ['Kyber768', 'ML-KEM-768'],
    ['MLKEM1024', 'ML-KEM-1024'],
    ['Dilithium3', 'ML-DSA-65'],
    ['SPHINCS+-SHAKE-128f', 'SLH-DSA-SHAKE-128f'],
    ['Falcon-512', 'FN-DSA-512'],
    ['MLKEM768-X25519', 'X-Wing'],
    ['prime256v1', 'EC-P256'],
    ['X25519', 'x25519'],
    ['sha256WithRSAEncryption', 'RSA-PKCS1-SHA256'],
    ['ecdsa_secp256r1_sha256', 'ECDSA-P256-SHA256'],
    ['ecdsa-with-SHA384', 'ECDSA-SHA384'],
    ['1.2.840.113549.1.1.11', 'RSA-PKCS1-SHA256'],
    ['1.2.840.113549.1.1.4', 'RSA-PKCS1-MD5'],
    ['1.2.840.10045.4.3.2', 'ECDSA-SHA256'],
    ['1.3.101.112', 'Ed25519'],
    ['2.16.840.1.101.3.4.3.17', 'ML-DSA-44'],
    ['2.16.840.1.101.3.4.3.19', 'ML-DSA-87'],
    ['2.16.840.1.101.3.4.3.20', 'SLH-DSA-SHA2-128s'],
    ['2.16.840.1.101.3.4.3.31', 'SLH-DSA-SHAKE-256f'],
    ['2.16.840.1.101.3.4.4.2', 'ML-KEM-768'],
    ['1.3.6.1.5.5.7.6.37', 'MLDSA44-RSA2048-PSS-SHA256'],
    ['1.3.6.1.5.5.7.6.39', 'MLDSA44-Ed25519-SHA512'],
    ['1.3.6.1.5.5.7.6.45', 'MLDSA65-ECDSA-P256-SHA512'],
    ['1.3.6.1.5.5.7.6.48', 'MLDSA65-Ed25519-SHA512'],
    ['1.3.6.1.5.5.7.6.54', 'MLDSA87-ECDSA-P521-SHA512'],
    ['1.3.6.1.5.5.7.6.58', 'MLKEM768-X25519-SHA3-256'],
    ['1.3.6.1.5.5.7.6.66', 'MLKEM1024-ECDH-P521-SHA3-256'],
    ['2.16.840.1.101.3.4.1.46', 'AES-256-GCM'],
    ['RS256', 'RSA-PKCS1-SHA256'],
  ])('CRY-9: %s is read as %s', (name, id) => {
    expect(findAlgorithm(name)?.id).toBe(id);
    expect(algorithm(id).id).toBe(id);
  });

  it.each([
    [0x11ec, 'X25519MLKEM768'],
    [0x11eb, 'SecP256r1MLKEM768'],
    [0x11ed, 'SecP384r1MLKEM1024'],
    [0x0201, 'ML-KEM-768'],
    [0x001d, 'x25519'],
    [0x0017, 'secp256r1'],
    [0x0104, 'ffdhe8192'],
    [0x6399, 'X25519Kyber768Draft00'],
  ])('TLS group %i is %s', (code, id) => {
    expect(findTlsGroup(code)?.id).toBe(id);
    expect(findTlsGroup(0xfafa)).toBeUndefined();
  });

  it('every row is whole: unique names, OIDs that are OIDs, dates that are dates, all twelve SLH-DSA sets', () => {
    expect(new Set(algorithms.map(({ id }) => id)).size).toBe(algorithms.length);
    for (const row of algorithms) {
      if (row.oid !== undefined) expect(row.oid).toMatch(/^[0-2](\.(0|[1-9][0-9]*)){3,}$/);
      expect(row.standard).not.toBe('');
      for (const size of Object.values(row.sizes)) expect(Number.isSafeInteger(size) && size > 0).toBe(true);
      const dates = row.transitions.map(({ from }) => from);
      expect(dates).toEqual([...dates].sort());
      for (const date of [...dates, ...(row.status.from === undefined ? [] : [row.status.from])]) {
        expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
      }
    }
    expect(algorithms.filter(({ id }) => id.startsWith('SLH-DSA-'))).toHaveLength(12);
    expect(algorithms.filter(({ family }) => family === 'composite-signature')).toHaveLength(18);
    const codes = algorithms.flatMap(({ tlsGroup }) => (tlsGroup === undefined ? [] : [tlsGroup.code]));
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('CRY-9: everything quantum-vulnerable has an end, and everything post-quantum has none', () => {
    for (const row of algorithms) {
      const day = statusAt(row, '2036-01-01');
      if (row.quantumVulnerable) expect([row.id, day]).toEqual([row.id, 'disallowed']);
      if (row.id.startsWith('ML-KEM') || row.id.startsWith('ML-DSA') || row.id.startsWith('SLH-DSA')) {
        expect([row.id, day, row.quantumVulnerable]).toEqual([row.id, 'approved', false]);
      }
    }
  });

  it('CRY-9: dates of NIST IR 8547 turn on the day they name', () => {
    const nist = ['NIST IR 8547'] as const;
    const rsa2048 = algorithm('RSA-2048');
    expect(statusAt(rsa2048, '2030-12-31', nist)).toBe('approved');
    expect(statusAt(rsa2048, '2031-01-01', nist)).toBe('deprecated');
    expect(statusAt(rsa2048, '2035-12-31', nist)).toBe('deprecated');
    expect(statusAt(rsa2048, '2036-01-01', nist)).toBe('disallowed');
    expect(statusAt(algorithm('EC-P384'), '2035-12-31', nist)).toBe('approved');
    expect(statusAt(algorithm('EC-P384'), '2036-01-01', nist)).toBe('disallowed');
    expect(rsa2048.status).toEqual({ kind: 'deprecated', from: '2031-01-01', source: 'NIST IR 8547' });
    expect(transitionDocuments['NIST IR 8547'].status).toBe('initial public draft');
  });

  it('the strictest document wins when none is named', () => {
    expect(statusAt(algorithm('x25519'), '2031-12-31')).toBe('approved');
    expect(statusAt(algorithm('x25519'), '2032-01-01')).toBe('disallowed');
    expect(statusAt(algorithm('RSA-2048'), '2026-01-01', ['BSI TR-02102-1'])).toBe('deprecated');
    expect(statusAt(algorithm('RSA-3072'), '2026-01-01')).toBe('approved');
    expect(statusAt(algorithm('RSA-1024'), '2026-01-01')).toBe('disallowed');
    expect(statusAt(algorithm('MD5'), '2026-01-01')).toBe('disallowed');
    expect(statusAt(algorithm('FN-DSA-512'), '2026-01-01')).toBe('experimental');
    expect(algorithm('DSA-SHA256').status.source).toBe('FIPS 186-5');
  });

  it('judges public keys by curve and size', () => {
    const rsa = '1.2.840.113549.1.1.1';
    const ec = '1.2.840.10045.2.1';
    const id = (input: Parameters<typeof findPublicKeyAlgorithm>[0]): string | undefined =>
      findPublicKeyAlgorithm(input)?.id;
    expect(id({ oid: rsa })).toBe('RSA');
    expect(id({ oid: rsa, modulusBits: 2048 })).toBe('RSA-2048');
    expect(id({ oid: rsa, modulusBits: 2047 })).toBe('RSA-1536');
    expect(id({ oid: rsa, modulusBits: 100 })).toBe('RSA-512');
    expect(id({ oid: rsa, modulusBits: 3000 })).toBe('RSA-2560');
    expect(id({ oid: '1.2.840.113549.1.1.10', modulusBits: 4096 })).toBe('RSA-4096');
    expect(id({ oid: ec, curveOid: '1.2.840.10045.3.1.7' })).toBe('EC-P256');
    expect(id({ oid: ec, curveOid: '1.3.132.0.35' })).toBe('EC-P521');
    expect(id({ oid: ec, curveOid: '9.9.9.9' })).toBe('EC');
    expect(id({ oid: '1.3.101.112' })).toBe('Ed25519');
    expect(id({ oid: '2.16.840.1.101.3.4.3.18' })).toBe('ML-DSA-65');
    expect(id({ oid: '9.9.9.9' })).toBeUndefined();
  });

  it('CRY-9: the live implementation of everything offered is known, in the version that is installed', () => {
    const root = join(import.meta.dirname, '..', '..');
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const [library, version] of Object.entries(vettedLibraries)) {
      expect([library, dependencies[library]]).toEqual([library, version]);
      const installed = readFileSync(join(root, '..', '..', 'node_modules', library, 'package.json'), 'utf8');
      expect(JSON.parse(installed).version).toBe(version);
    }
    for (const row of algorithms) {
      const { implementation, library } = row;
      expect([row.id, library !== undefined]).toEqual([row.id, implementation === 'library']);
      const live = implementationOf(row);
      if (implementation === 'native') expect(live).toBe(`OpenSSL ${process.versions.openssl}`);
      else expect(live === undefined).toBe(implementation === 'not-offered');
    }
    expect(implementationOf(algorithm('FF1'))).toMatch(/^@noble\/ciphers \d/);
  });

  it('CRY-9: the registry offers the KEMs that the code performs, and no others', async () => {
    const families = ['kem', 'hybrid-kem', 'composite-kem'];
    const offered = algorithms.filter(
      // A TLS group is negotiated by the runtime's own TLS: there is no call for it here.
      ({ family, implementation, tlsGroup }) =>
        families.includes(family) && implementation !== 'not-offered' && (tlsGroup === undefined || family === 'kem'),
    );
    expect(new Set(offered.map(({ id }) => id))).toEqual(new Set(kemNames));
    for (const { id, sizes } of offered) {
      const isComposite = algorithm(id).family === 'composite-kem';
      const { seed: privateKey, key } = isComposite ? await generateCompositeKemKey(id) : generateKemKey(id);
      expect(importKemKey(id, privateKey).publicKey).toEqual(key.publicKey);
      const { enc, sharedSecret } = kemEncapsulateTo(id, key.publicKey);
      expect([id, key.publicKey.length, enc.length, sharedSecret.length]).toEqual([
        id,
        sizes.publicKey,
        sizes.ciphertext,
        sizes.sharedSecret,
      ]);
      if (sizes.seed !== undefined) expect([id, privateKey.length]).toEqual([id, sizes.seed]);
      expect(key.decapsulate(enc).equals(sharedSecret)).toBe(true);
    }
  });

  it.each(signatureAlgorithms)('CRY-9: %s is offered, and its sizes are those the code keeps to', async (name) => {
    const { sizes, implementation, status } = algorithm(name);
    expect(implementation).toBe(name.startsWith('FN-DSA-') ? 'library' : 'native');
    const pair = await generateSigningKeyAsync(name);
    const [publicKey, signature] = [sizes.publicKey ?? -1, sizes.signature ?? -1];
    if (name.startsWith('RSA-')) expect(pair.publicKey.length).toBeLessThanOrEqual(publicKey);
    else expect(pair.publicKey).toHaveLength(publicKey);
    const privateKey = sizes.seed === undefined || name.startsWith('SLH-DSA') ? sizes.privateKey : sizes.seed;
    // FN-DSA's private key brings the public one along.
    const extra = name.startsWith('FN-DSA-') ? publicKey : 0;
    if (privateKey !== undefined) expect(pair.privateKey).toHaveLength(privateKey + extra);
    // Whatever is longer is refused before work, which is how the bound shows without signing for a second.
    const { isSignatureLength } = signatureSchemes[name].importPublic(pair.publicKey);
    const isBound = name.startsWith('RSA-') ? isSignatureLength(3072 / 8) : isSignatureLength(signature);
    expect([isBound, isSignatureLength(signature + 1)]).toEqual([true, false]);
    expect(status.kind === 'experimental').toBe(/^(?:MLDSA|FN-DSA)/.test(name) && name !== 'MLDSA65-Ed25519-SHA512');
  });

  it('CRY-3: PKCS#1 v1.5 is legacy, and composites name the revision of their draft', () => {
    expect(algorithm('RSA-PKCS1-SHA256').isLegacy).toBe(true);
    expect(algorithm('RSA-PSS-SHA256').isLegacy).toBeUndefined();
    const composites = algorithms.filter(({ family }) => family === 'composite-signature');
    expect(new Set(composites.map(({ parameters }) => parameters.revision))).toEqual(
      new Set(['draft-ietf-lamps-pq-composite-sigs-19']),
    );
    const offered = composites.filter(({ implementation }) => implementation === 'native').map(({ id }) => id);
    expect(offered.sort()).toEqual([...compositeSignatureAlgorithms].sort());
  });

  it('CRY-9: the sizes of HPKE suites written here are those of the code', () => {
    for (const suite of hpkeSuites) {
      const { publicKey, privateKey } = generateRecipient(suite);
      const { enc } = hpkeSeal({ suite, publicKey, info: publicKey, aad: publicKey, plaintext: publicKey });
      const { sizes, parameters, implementation } = algorithm(suite);
      expect(sizes).toMatchObject({
        publicKey: publicKey.length,
        privateKey: privateKey.length,
        ciphertext: enc.length,
      });
      const { kem, kdf, aead } = parameters;
      expect(findHpkeSuite({ kem: Number(kem), kdf: Number(kdf), aead: Number(aead) })).toBe(suite);
      expect(implementation).toBe('native');
    }
    const { publicKey, ciphertext, sharedSecret, seed } = algorithm('X-Wing').sizes;
    expect({ publicKey, ciphertext, sharedSecret, seed }).toEqual(xwingSizes);
    expect(algorithm(hpkeSuite).sizes.ciphertext).toBe(xwingSizes.ciphertext);
  });
});

describe('the package', () => {
  it('imports node:crypto only under native/, so that a browser entry can replace that folder', () => {
    const root = join(import.meta.dirname, '..');
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
    );
    const importing = sources.filter((path) => /from 'node:/.test(readFileSync(join(root, path), 'utf8')));
    expect(sources.length).toBeGreaterThan(15);
    expect(importing.length).toBeGreaterThan(0);
    expect(importing.filter((path) => !/^native[\\/]/.test(path))).toEqual([]);
  });

  it('trap: setFips(true) succeeds without a validated module, so nothing here calls it or claims FIPS mode', () => {
    const root = join(import.meta.dirname, '..');
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
      expect(readFileSync(join(root, path), 'utf8')).not.toMatch(/setFips|getFips/);
    }
  });
});
