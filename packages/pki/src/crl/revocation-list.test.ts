import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { craftExtension } from '../../test/craft.ts';
import { makeSigner, nativeAlgorithms } from '../../test/signers.ts';
import { explicit, nullValue, octetString, sequence, time, unsignedInteger } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import type { Authority } from '../issue/authority.ts';
import { issueCertificate, issueRoot } from '../issue/issue-certificate.ts';
import { signWhole } from '../issue/signed.ts';
import { writeName } from '../names/write-name.ts';
import { validatePath } from '../verify/validate-path.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { signatureIdentifier } from '../x509/signing-algorithms.ts';
import { issueRevocationList, type RevocationListInput } from './issue-revocation-list.ts';
import { parseRevocationList, type RevocationList, type RevokedCertificate } from './revocation-list.ts';

const at = new Date('2026-06-01');
const life = { notBefore: new Date('2020-01-01'), notAfter: new Date('2040-01-01') };
const dates = { thisUpdate: new Date('2026-05-31'), nextUpdate: new Date('2026-06-07') };

async function rootOf(algorithm: (typeof nativeAlgorithms)[number] = 'Ed25519'): Promise<Authority> {
  const { signer } = makeSigner(algorithm);
  return { certificate: await issueRoot({ signer, subject: 'CN=Root', validity: life }), signer };
}

async function leafOf(authority: Authority): Promise<Uint8Array> {
  const { publicKey } = makeSigner('Ed25519').signer;
  const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2027-01-01') };
  return issueCertificate({ authority, profile: 'client', subject: 'CN=leaf', publicKey, validity });
}

const revoke = (der: Uint8Array): RevokedCertificate => ({
  ...{ serialNumber: parseCertificate(der).serialNumber, revokedAt: '2026-05-01T00:00:00Z', reason: 'keyCompromise' },
});

const issue = (authority: Authority, change: Partial<RevocationListInput> = {}): Promise<Uint8Array> =>
  issueRevocationList({ authority, number: 7n, revoked: [], ...dates, ...change });

const ask = (
  certificate: Uint8Array,
  root: Authority,
  lists: readonly RevocationList[],
  mode: 'when-listed' | 'required',
) => validatePath({ certificate, anchors: [root.certificate], at, revocation: { lists, mode } });

interface CraftedList {
  readonly hasNext?: boolean;
  readonly extensions?: readonly Uint8Array[];
  readonly ofEntry?: readonly Uint8Array[];
}

/** A genuine list that names one certificate and that the issuing function would not make. */
async function craftList(root: Authority, leaf: Uint8Array, how: CraftedList): Promise<RevocationList> {
  const { hasNext = true, extensions = [], ofEntry = [] } = how;
  const serial = unsignedInteger(Buffer.from(parseCertificate(leaf).serialNumber, 'hex'));
  const entry = sequence(serial, time(new Date('2026-05-01')), ...(ofEntry.length === 0 ? [] : [sequence(...ofEntry)]));
  const part = sequence(
    ...[unsignedInteger(1), signatureIdentifier('Ed25519'), writeName('CN=Root'), time(dates.thisUpdate)],
    ...(hasNext ? [time(dates.nextUpdate)] : []),
    sequence(entry),
    ...(extensions.length === 0 ? [] : [explicit(0, sequence(...extensions))]),
  );
  return parseRevocationList(await signWhole(part, root.signer));
}

describe('PKI-1: revocation lists', () => {
  it.each(nativeAlgorithms)('%s: what is listed is revoked, all else is good', async (algorithm) => {
    const root = await rootOf(algorithm);
    const [bad, good] = [await leafOf(root), await leafOf(root)];
    const list = parseRevocationList(await issue(root, { revoked: [revoke(bad)] }));
    expect(list).toMatchObject({ issuer: 'CN=Root', number: '07', entries: 1, unknownCritical: [] });
    expect([...list]).toEqual([revoke(bad)]);
    expect(await ask(good, root, [list], 'required')).toMatchObject({ isValid: true, isRevocationChecked: true });
    expect(await ask(bad, root, [list], 'required')).toMatchObject({
      problem: 'revoked',
      detail: expect.stringContaining('keyCompromise'),
    });
    expect(await ask(bad, root, [list], 'when-listed')).toMatchObject({ problem: 'revoked' });
  });

  it('any entries come back as they were', async () => {
    const root = await rootOf();
    const entry = fc.record({
      serialNumber: fc.bigInt({ min: 1n, max: 2n ** 159n - 1n }).map((value) => {
        const text = value.toString(16);
        return text.length % 2 === 0 ? text : `0${text}`;
      }),
      revokedAt: fc
        .integer({ min: 0, max: 1_700_000_000 })
        .map((second) => new Date(second * 1000).toISOString().replace('.000Z', 'Z')),
      reason: fc.constantFrom(null, 'keyCompromise', 'cACompromise', 'superseded', 'certificateHold', 'aACompromise'),
    });
    const entries = fc.uniqueArray(entry, { selector: ({ serialNumber }) => serialNumber, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(entries, async (revoked) => {
        const list = parseRevocationList(await issue(root, { revoked: revoked as readonly RevokedCertificate[] }));
        expect([...list]).toEqual(revoked);
        for (const one of revoked) expect(list.find(one.serialNumber)).toEqual(one);
        expect(list.find('00')).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('a list that says nothing of the certificate is told apart from one that clears it', async () => {
    const [root, other] = [await rootOf(), await rootOf()];
    const leaf = await leafOf(root);
    const forged = parseRevocationList(await issue(other));
    const old = parseRevocationList(
      await issue(root, { thisUpdate: new Date('2026-01-01'), nextUpdate: new Date('2026-02-01') }),
    );
    const future = parseRevocationList(
      await issue(root, { thisUpdate: new Date('2026-07-01'), nextUpdate: new Date('2026-08-01') }),
    );
    for (const [why, lists] of [
      ['the signature of the list is forged', [forged]],
      ['the list is out of date', [old]],
      ['the list is from later', [future]],
      ['the signature of the list is forged; the list is out of date; the list is from later', [forged, old, future]],
    ] as const) {
      const unknown = { problem: 'revocation-unknown', detail: `Whether it was revoked is not known: ${why}.` };
      expect(await ask(leaf, root, lists, 'required')).toMatchObject(unknown);
      expect(await ask(leaf, root, lists, 'when-listed')).toMatchObject(unknown);
    }
    expect(await ask(leaf, root, [], 'required')).toMatchObject({ problem: 'revocation-unknown' });
    expect(await ask(leaf, root, [], 'when-listed')).toMatchObject({ isValid: true, isRevocationChecked: false });
    const sound = parseRevocationList(await issue(root));
    expect(await ask(leaf, root, [forged, old, sound], 'required')).toMatchObject({ isValid: true });
  });

  it('a forged list revokes nobody', async () => {
    const [root, other] = [await rootOf(), await rootOf()];
    const leaf = await leafOf(root);
    const forged = parseRevocationList(await issue(other, { revoked: [revoke(leaf)] }));
    const sound = parseRevocationList(await issue(root));
    expect(await ask(leaf, root, [forged], 'when-listed')).toMatchObject({ problem: 'revocation-unknown' });
    expect(await ask(leaf, root, [forged, sound], 'when-listed')).toMatchObject({ isValid: true });
  });

  it('what a genuine list revokes is revoked, however old the list is', async () => {
    const root = await rootOf();
    const [leaf, other] = [await leafOf(root), await leafOf(root)];
    const long = { thisUpdate: new Date('2026-05-02'), nextUpdate: new Date('2026-05-03') };
    const old = parseRevocationList(await issue(root, { ...long, revoked: [revoke(leaf)] }));
    const current = parseRevocationList(await issue(root));
    for (const lists of [[old], [old, current], [current, old]]) {
      for (const mode of ['when-listed', 'required'] as const) {
        expect(await ask(leaf, root, lists, mode)).toMatchObject({ isValid: false, problem: 'revoked' });
      }
    }
    expect(await ask(other, root, [old], 'when-listed')).toMatchObject({ problem: 'revocation-unknown' });
    expect(await ask(other, root, [old, current], 'required')).toMatchObject({ isValid: true });
  });

  it('of a list from later only what was revoked by then counts', async () => {
    const root = await rootOf();
    const [before, after] = [await leafOf(root), await leafOf(root)];
    const revoked = [revoke(before), { ...revoke(after), revokedAt: '2026-06-15T00:00:00Z' }];
    const later = { thisUpdate: new Date('2026-07-01'), nextUpdate: new Date('2026-08-01') };
    const list = parseRevocationList(await issue(root, { ...later, revoked }));
    expect(await ask(before, root, [list], 'when-listed')).toMatchObject({ problem: 'revoked' });
    expect(await ask(after, root, [list], 'when-listed')).toMatchObject({ problem: 'revocation-unknown' });
  });

  it.each<[string, string, CraftedList]>([
    ['a distribution point', 'revoked', { extensions: [craftExtension('2.5.29.28', true, sequence())] }],
    ['no date of the next', 'revoked', { hasNext: false }],
    ['changes alone', 'revocation-unknown', { extensions: [craftExtension('2.5.29.27', true, unsignedInteger(1))] }],
    [
      'changes alone, not marked critical',
      'revocation-unknown',
      { extensions: [craftExtension('2.5.29.27', false, unsignedInteger(1))] },
    ],
    [
      'an unknown critical extension',
      'revocation-unknown',
      { extensions: [craftExtension('1.2.3', true, sequence())] },
    ],
    [
      'entries of other issuers',
      'revocation-unknown',
      {
        extensions: [craftExtension('2.5.29.28', true, sequence())],
        ofEntry: [craftExtension('2.5.29.29', true, sequence())],
      },
    ],
  ])('an entry in a list with %s: %s; its silence clears nobody', async (_name, problem, how) => {
    const root = await rootOf();
    const [listed, silent] = [await leafOf(root), await leafOf(root)];
    const list = await craftList(root, listed, how);
    for (const mode of ['when-listed', 'required'] as const) {
      expect(await ask(listed, root, [list], mode)).toMatchObject({ isValid: false, problem });
      expect(await ask(silent, root, [list], mode)).toMatchObject({ problem: 'revocation-unknown' });
    }
  });

  it.each<[string, Partial<RevocationListInput>]>([
    ['a negative number', { number: -1n }],
    ['a number of 21 bytes', { number: 2n ** 160n }],
    ['no life', { nextUpdate: dates.thisUpdate }],
    [
      'one serial number twice',
      { revoked: [1, 2].map(() => ({ serialNumber: '01', revokedAt: '2026-01-01T00:00:00Z', reason: null })) },
    ],
    [
      'a serial number that is none',
      { revoked: [{ serialNumber: 'xyz', revokedAt: '2026-01-01T00:00:00Z', reason: null }] },
    ],
    ['a revocation to come', { revoked: [{ serialNumber: '01', revokedAt: '2027-01-01T00:00:00Z', reason: null }] }],
  ])('%s is not issued', async (_name, change) => {
    await expect(rootOf().then((root) => issue(root, change))).rejects.toMatchObject({ code: 'PKI_INPUT_INVALID' });
  });

  it('PKI-2: cut or changed, a list is read or refused with a typed error', async () => {
    const root = await rootOf();
    const list = await issue(root, { revoked: [revoke(await leafOf(root))] });
    for (let length = 0; length < list.length; length++) {
      expect(() => parseRevocationList(list.subarray(0, length))).toThrow(PkiError);
    }
    fc.assert(
      fc.property(fc.nat({ max: list.length - 1 }), fc.nat({ max: 255 }), (index, value) => {
        const changed = list.map((byte, position) => (position === index ? value : byte));
        try {
          for (const entry of parseRevocationList(changed)) expect(entry.serialNumber).toMatch(/^[0-9a-f]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(() => parseRevocationList(sequence(octetString(nullValue())))).toThrow(PkiError);
  });

  it('a hundred thousand entries are issued, read and searched', async () => {
    const root = await rootOf();
    const revoked = Array.from(
      { length: 100_000 },
      (_, index): RevokedCertificate => ({
        ...{
          serialNumber: (index + 0x10_00_00).toString(16).padStart(6, '0'),
          revokedAt: '2026-01-01T00:00:00Z',
          reason: null,
        },
      }),
    );
    const list = parseRevocationList(await issue(root, { revoked }));
    expect(list.entries).toBe(100_000);
    expect(list.find('11869f')).toMatchObject({ serialNumber: '11869f' });
  });
});
