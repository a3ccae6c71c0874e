import { describe, expect, it } from 'vitest';
import { craftCertificate, craftExtension } from '../../test/craft.ts';
import { makeSigner, nativeAlgorithms } from '../../test/signers.ts';
import { element, nullValue, oid, sequence, setOf, utf8String } from '../der/writer.ts';
import type { Authority } from '../issue/authority.ts';
import { basicConstraints, extendedKeyUsage, keyUsage, nameConstraints, subjectAltName } from '../issue/extensions.ts';
import { issueCertificate, issueRoot } from '../issue/issue-certificate.ts';
import { type PathInput, pathLimits, validatePath } from './validate-path.ts';

const at = new Date('2026-06-01');
const long = { notBefore: new Date('2020-01-01'), notAfter: new Date('2040-01-01') };
const year = { notBefore: new Date('2026-01-01'), notAfter: new Date('2027-01-01') };
const authorityMarks = [
  basicConstraints({ isAuthority: true, pathLengthMax: undefined }),
  keyUsage(['keyCertSign', 'cRLSign']),
];

type Key = ReturnType<typeof makeSigner>['signer'];
const newKey = (): Key => makeSigner('Ed25519').signer;

async function rootOf(change: Partial<Parameters<typeof issueRoot>[0]> = {}): Promise<Authority> {
  const signer = change.signer ?? newKey();
  return { certificate: await issueRoot({ signer, subject: 'CN=Root', validity: long, ...change }), signer };
}

async function below(authority: Authority, subject: string, signer: Key = newKey()): Promise<Authority> {
  const certificate = await issueCertificate({
    ...{ authority, profile: 'intermediate', subject, publicKey: signer.publicKey, validity: long },
  });
  return { certificate, signer };
}

function leafOf(authority: Authority, names = ['a.example.org']): Promise<Uint8Array> {
  return issueCertificate({
    ...{ authority, profile: 'server', subject: 'CN=leaf', publicKey: newKey().publicKey, validity: year },
    names: names.map((value) => ({ kind: 'dns', value })),
  });
}

const ask = (input: Omit<PathInput, 'at'> & { readonly at?: Date }) => validatePath({ at, ...input });

/** A leaf with the given extensions right below a root with others. */
async function crafted(
  change: {
    readonly leaf?: Partial<Parameters<typeof craftCertificate>[0]>;
    readonly root?: Partial<Parameters<typeof craftCertificate>[0]>;
  },
  more: Partial<PathInput> = {},
) {
  const key = newKey();
  const anchor = await craftCertificate({
    ...{ subject: 'CN=Top', issuer: 'CN=Top', signer: key, publicKey: key.publicKey, extensions: authorityMarks },
    ...change.root,
  });
  const certificate = await craftCertificate({
    ...{ subject: 'CN=leaf', issuer: 'CN=Top', signer: key, publicKey: newKey().publicKey, extensions: [] },
    ...change.leaf,
  });
  return ask({ certificate, anchors: [anchor], ...more });
}

describe('PKI-1: chains that hold', () => {
  it.each(nativeAlgorithms)('%s: through two authorities, in any order, among strangers', async (algorithm) => {
    const root = await rootOf({ signer: makeSigner(algorithm).signer });
    const first = await below(root, 'CN=First', makeSigner(algorithm).signer);
    const second = await below(first, 'CN=Second', makeSigner(algorithm).signer);
    const certificate = await leafOf(second);
    const strangers = [await below(await rootOf(), 'CN=Second'), await below(await rootOf(), 'CN=Other')];
    const intermediates = [...strangers, second, first].map((authority) => authority.certificate);
    const result = await ask({
      ...{ certificate, intermediates, anchors: [root.certificate] },
      ...{ purpose: 'serverAuth', host: 'a.example.org' },
    });
    expect(result).toEqual({
      isValid: true,
      path: [certificate, second.certificate, first.certificate, root.certificate],
      isRevocationChecked: false,
    });
  });

  it('algorithms may differ from step to step', async () => {
    const root = await rootOf({ signer: makeSigner('ML-DSA-87').signer });
    const middle = await below(root, 'CN=Middle', makeSigner('ECDSA-P384-SHA384').signer);
    const result = await ask({
      ...{ certificate: await leafOf(middle), intermediates: [middle.certificate], anchors: [root.certificate] },
    });
    expect(result).toMatchObject({ isValid: true });
  });

  it('a trusted certificate holds by itself, and an authority in the middle may be the trusted one', async () => {
    const root = await rootOf();
    const middle = await below(root, 'CN=Middle');
    const leaf = await leafOf(middle);
    expect(await ask({ certificate: leaf, anchors: [leaf] })).toMatchObject({ isValid: true, path: [leaf] });
    expect(await ask({ certificate: leaf, anchors: [middle.certificate] })).toMatchObject({ isValid: true });
  });

  it('names are compared without regard to case and blanks', async () => {
    const result = await crafted({ leaf: { issuer: 'CN=  TOP ' } });
    expect(result).toMatchObject({ isValid: true });
  });

  it('of two keys of one authority the right one is found', async () => {
    const [old, next] = [await rootOf(), await rootOf()];
    const certificate = await leafOf(next);
    expect(await ask({ certificate, anchors: [old.certificate, next.certificate] })).toMatchObject({ isValid: true });
  });
});

describe('PKI-1: chains that do not hold', () => {
  it('one bit of any certificate changed', async () => {
    const root = await rootOf();
    const middle = await below(root, 'CN=Middle');
    const certificate = await leafOf(middle);
    const flip = (der: Uint8Array, at: number) => der.map((byte, index) => (index === at ? byte ^ 1 : byte));
    const anchors = [root.certificate];
    for (let at = 0; at < certificate.length; at += 5) {
      const changed = flip(certificate, at);
      expect(await ask({ certificate: changed, intermediates: [middle.certificate], anchors })).toMatchObject({
        isValid: false,
      });
    }
    for (let at = 0; at < middle.certificate.length; at += 5) {
      const intermediates = [flip(middle.certificate, at)];
      expect(await ask({ certificate, intermediates, anchors })).toMatchObject({ isValid: false });
    }
  });

  it.each<[string, Date]>([
    ['not-yet-valid', new Date('2025-12-31T23:59:59Z')],
    ['expired', new Date('2027-01-01T00:00:01Z')],
  ])('%s', async (problem, when) => {
    const root = await rootOf();
    const result = await ask({ certificate: await leafOf(root), anchors: [root.certificate], at: when });
    expect(result).toMatchObject({ isValid: false, problem, subject: 'CN=leaf' });
  });

  it('the last second is still valid', async () => {
    const root = await rootOf();
    for (const edge of [year.notBefore, year.notAfter]) {
      expect(await ask({ certificate: await leafOf(root), anchors: [root.certificate], at: edge })).toMatchObject({
        isValid: true,
      });
    }
  });

  it('untrusted: no anchor, a missing authority, an anchor of that name with another key', async () => {
    const root = await rootOf();
    const middle = await below(root, 'CN=Middle');
    const certificate = await leafOf(middle);
    expect(await ask({ certificate, anchors: [] })).toMatchObject({ problem: 'untrusted' });
    expect(await ask({ certificate, anchors: [root.certificate] })).toMatchObject({ problem: 'untrusted' });
    const posing = await rootOf();
    const intermediates = [middle.certificate];
    expect(await ask({ certificate, intermediates, anchors: [posing.certificate] })).toMatchObject({
      problem: 'signature-forged',
    });
  });

  it('a leaf that signs is no authority', async () => {
    const root = await rootOf();
    const key = newKey();
    const posing = await craftCertificate({
      ...{ subject: 'CN=Poser', issuer: 'CN=Root', signer: root.signer, publicKey: key.publicKey, extensions: [] },
    });
    const certificate = await craftCertificate({
      ...{ subject: 'CN=bank', issuer: 'CN=Poser', signer: key, publicKey: newKey().publicKey, extensions: [] },
    });
    expect(await ask({ certificate, intermediates: [posing], anchors: [root.certificate] })).toMatchObject({
      problem: 'not-an-authority',
      subject: 'CN=Poser',
    });
  });

  it.each<[string, Partial<Parameters<typeof craftCertificate>[0]>]>([
    ['not-an-authority', { extensions: [] }],
    ['not-an-authority', { extensions: [basicConstraints({ isAuthority: false, pathLengthMax: undefined })] }],
    ['not-an-authority', { version: 1, extensions: [] }],
    ['key-usage', { extensions: [authorityMarks[0] ?? nullValue(), keyUsage(['cRLSign'])] }],
    ['critical-extension', { extensions: [...authorityMarks, craftExtension('2.5.29.36', true, sequence())] }],
    ['critical-extension', { extensions: [...authorityMarks, craftExtension('1.2.3.4', true, nullValue())] }],
    ['purpose', { extensions: [...authorityMarks, extendedKeyUsage(['clientAuth'])] }],
    ['expired', { notAfter: new Date('2026-05-01') }],
  ])('%s of the authority: %#', async (problem, root) => {
    expect(await crafted({ root }, { purpose: 'serverAuth' })).toMatchObject({ problem, subject: 'CN=Top' });
  });

  it.each<[string, Partial<Parameters<typeof craftCertificate>[0]>]>([
    ['critical-extension', { extensions: [craftExtension('1.2.3.4', true, nullValue())] }],
    ['malformed', { extensions: [craftExtension('2.5.29.15', true, nullValue())] }],
    ['malformed', { extensions: [keyUsage(['digitalSignature']), keyUsage(['digitalSignature'])] }],
    ['purpose', { extensions: [extendedKeyUsage(['clientAuth'])] }],
    ['key-usage', { extensions: [keyUsage(['nonRepudiation'])] }],
    [
      'key-usage',
      {
        extensions: [keyUsage(['digitalSignature', 'keyEncipherment'])],
        publicKey: makeSigner('ML-DSA-44').signer.publicKey,
      },
    ],
    ['algorithm-mismatch', { inner: sequence(oid('1.2.840.10045.4.3.2')) }],
  ])('%s of the leaf: %#', async (problem, leaf) => {
    expect(await crafted({ leaf }, { purpose: 'serverAuth' })).toMatchObject({ isValid: false, problem });
  });

  it('an unknown extension that is not critical changes nothing', async () => {
    const extensions = [craftExtension('1.2.3.4', false, nullValue())];
    expect(await crafted({ leaf: { extensions } })).toMatchObject({ isValid: true });
  });

  it('path-too-long, and self-issued authorities do not count', async () => {
    const root = await rootOf({ pathLengthMax: 1 });
    const first = await below(root, 'CN=First');
    const key = newKey();
    const second = await craftCertificate({
      ...{
        subject: 'CN=Second',
        issuer: 'CN=First',
        signer: first.signer,
        publicKey: key.publicKey,
        extensions: authorityMarks,
      },
    });
    const certificate = await leafOf({ certificate: second, signer: key });
    const intermediates = [second, first.certificate];
    expect(await ask({ certificate, intermediates, anchors: [root.certificate] })).toMatchObject({
      problem: 'path-too-long',
    });

    const renewed = newKey();
    const selfIssued = await craftCertificate({
      ...{
        subject: 'CN=First',
        issuer: 'CN=First',
        signer: first.signer,
        publicKey: renewed.publicKey,
        extensions: authorityMarks,
      },
    });
    const fine = await leafOf({ certificate: selfIssued, signer: renewed });
    expect(
      await ask({ certificate: fine, intermediates: [selfIssued, first.certificate], anchors: [root.certificate] }),
    ).toMatchObject({ isValid: true });
  });

  it('host: names are compared with the alternative names alone', async () => {
    const root = await rootOf();
    const certificate = await leafOf(root, ['a.example.org', '*.b.example.org']);
    const hosts = {
      'A.example.org': true,
      'x.b.example.org': true,
      'x.y.b.example.org': false,
      leaf: false,
      '192.0.2.1': false,
    };
    for (const [host, isValid] of Object.entries(hosts)) {
      expect(await ask({ certificate, anchors: [root.certificate], host })).toMatchObject({ isValid });
    }
  });

  it('what cannot be read among the intermediates is passed over; an anchor that cannot be read is an error', async () => {
    const root = await rootOf();
    const certificate = await leafOf(root);
    const junk = Uint8Array.of(0x30, 0x01, 0x00);
    expect(await ask({ certificate, intermediates: [junk], anchors: [root.certificate] })).toMatchObject({
      isValid: true,
    });
    expect(await ask({ certificate: junk, anchors: [root.certificate] })).toMatchObject({ problem: 'malformed' });
    await expect(ask({ certificate, anchors: [junk] })).rejects.toMatchObject({ code: 'PKI_DER_MALFORMED' });
  });
});

describe('PKI-1: name constraints', () => {
  const dns = (value: string) => ({ kind: 'dns', value }) as const;
  it.each<[string, Parameters<typeof nameConstraints>[0], readonly string[], boolean]>([
    ['permitted', { permitted: [dns('example.org')] }, ['example.org', 'a.example.org', '*.a.example.org'], true],
    ['one of two outside', { permitted: [dns('example.org')] }, ['a.example.org', 'example.com'], false],
    ['a name that only ends alike', { permitted: [dns('example.org')] }, ['badexample.org'], false],
    ['only what is below', { permitted: [dns('.example.org')] }, ['example.org'], false],
    ['excluded', { excluded: [dns('a.example.org')] }, ['x.a.example.org'], false],
    ['beside the excluded', { excluded: [dns('a.example.org')] }, ['b.example.org'], true],
    ['a wildcard over the excluded', { excluded: [dns('a.example.org')] }, ['*.example.org'], false],
    ['other kinds of constraint', { permitted: [{ kind: 'email', value: 'example.org' }] }, ['a.example.com'], true],
    ['the subject', { permitted: [{ kind: 'directory', value: 'O=Example' }] }, ['a.example.org'], false],
  ])('%s: %j', async (_name, constraints, names, isValid) => {
    const root = { extensions: [...authorityMarks, nameConstraints(constraints)] };
    const leaf = { extensions: [subjectAltName(names.map(dns), false)] };
    const result = await crafted({ root, leaf });
    expect(result).toMatchObject(isValid ? { isValid } : { isValid, problem: 'name-forbidden' });
  });

  it('addresses, mail, URIs and subjects', async () => {
    const constraints = nameConstraints({
      permitted: [
        { kind: 'address', value: '10.0.0.0/8' },
        { kind: 'address', value: 'fd00::/8' },
        { kind: 'email', value: 'example.org' },
        { kind: 'uri', value: '.example.org' },
        { kind: 'directory', value: 'O=Example,C=DE' },
      ],
    });
    const cases: readonly [string, Parameters<typeof subjectAltName>[0][number], boolean][] = [
      ['O=Example,C=DE', { kind: 'address', value: '10.9.8.7' }, true],
      ['CN=x,O=EXAMPLE,C=DE', { kind: 'address', value: 'fd12::1' }, true],
      ['O=Example,C=DE', { kind: 'address', value: '11.0.0.1' }, false],
      ['O=Example,C=DE', { kind: 'email', value: 'a@example.org' }, true],
      ['O=Example,C=DE', { kind: 'email', value: 'a@b.example.org' }, false],
      ['O=Example,C=DE', { kind: 'uri', value: 'https://a.example.org/x' }, true],
      ['O=Example,C=DE', { kind: 'uri', value: 'https://user@a.example.org:8443' }, true],
      ['O=Example,C=DE', { kind: 'uri', value: 'https://example.com/.example.org' }, false],
      ['O=Example,C=DE', { kind: 'uri', value: 'urn:example' }, false],
      ['O=Other,C=DE', { kind: 'dns', value: 'a.example' }, false],
      ['C=DE', { kind: 'dns', value: 'a.example' }, false],
      ['1.2.840.113549.1.9.1=a@example.com,O=Example,C=DE', { kind: 'dns', value: 'a.example' }, false],
    ];
    for (const [subject, name, isValid] of cases) {
      const result = await crafted({
        root: { extensions: [...authorityMarks, constraints] },
        leaf: { subject, extensions: [subjectAltName([name], false)] },
      });
      expect([subject, name, result.isValid]).toEqual([subject, name, isValid]);
    }
  });

  it('a name with more attributes than are compared is not well formed, and neither is such a constraint', async () => {
    // 400 relative names behind those of the constraint, as writeName would refuse to write.
    const padded = (count: number, text = 'Example') => {
      const attribute = (id: string, value: string) => setOf(sequence(oid(id), utf8String(value)));
      const filling = Array.from({ length: count }, (_, index) => attribute('2.5.4.11', `unit ${index}`));
      return sequence(attribute('2.5.4.10', text), ...filling);
    };
    const excludes = (name: Uint8Array) => [
      ...authorityMarks,
      craftExtension('2.5.29.30', true, sequence(element(0xa1, sequence(element(0xa4, name))))),
    ];
    const claims = (name: Uint8Array) => [craftExtension('2.5.29.17', false, sequence(element(0xa4, name)))];
    const pathOf = (constraint: Uint8Array, name: Uint8Array) =>
      crafted({ root: { extensions: excludes(constraint) }, leaf: { extensions: claims(name) } });
    expect(await pathOf(padded(0), padded(0, 'Other'))).toMatchObject({ isValid: true });
    for (const count of [0, 255, 256, 400]) {
      const result = await pathOf(padded(0), padded(count, 'EXAMPLE'));
      expect([count, result]).toMatchObject([count, { isValid: false, problem: 'name-forbidden' }]);
    }
    expect(await pathOf(padded(400), padded(0))).toMatchObject({ isValid: false, problem: 'malformed' });
    const many = { rawSubject: padded(400, 'EXAMPLE') };
    expect(await crafted({ root: { extensions: excludes(padded(0)) }, leaf: many })).toMatchObject({ isValid: false });
    expect(await crafted({ leaf: many })).toMatchObject({ isValid: false, problem: 'malformed' });
  });

  it('constraints of every authority above count, not only of the next', async () => {
    const root = await rootOf({ nameConstraints: { permitted: [dns('example.org')] } });
    const middle = await below(root, 'CN=Middle');
    const certificate = await leafOf(middle, ['a.example.com']);
    const input = { certificate, intermediates: [middle.certificate], anchors: [root.certificate] };
    expect(await ask(input)).toMatchObject({ problem: 'name-forbidden', subject: 'CN=leaf' });
  });

  it('a constraint on names of a kind that is not understood forbids names of that kind', async () => {
    const value = sequence(
      craftTagged(0xa0, sequence(craftTagged(0xa0, oid('1.2.3'), craftTagged(0xa0, nullValue())))),
    );
    const root = { extensions: [...authorityMarks, craftExtension('2.5.29.30', true, value)] };
    const other = sequence(craftTagged(0xa0, oid('1.2.3'), craftTagged(0xa0, nullValue())));
    const leaf = { extensions: [craftExtension('2.5.29.17', false, other)] };
    expect(await crafted({ root, leaf })).toMatchObject({ problem: 'name-forbidden' });
    expect(await crafted({ root })).toMatchObject({ isValid: true });
  });
});

describe('PKI-2: hostile sets of certificates end soon', () => {
  it('many authorities of one name and many keys', async () => {
    const root = await rootOf();
    const keys = Array.from({ length: 12 }, newKey);
    const crossed = await Promise.all(
      keys.flatMap((signer) =>
        keys.map((key) =>
          craftCertificate({
            subject: 'CN=X',
            issuer: 'CN=X',
            signer,
            publicKey: key.publicKey,
            extensions: authorityMarks,
          }),
        ),
      ),
    );
    const certificate = await craftCertificate({
      ...{
        subject: 'CN=leaf',
        issuer: 'CN=X',
        signer: keys[0] ?? newKey(),
        publicKey: newKey().publicKey,
        extensions: [],
      },
    });
    const result = await ask({ certificate, intermediates: crossed, anchors: [root.certificate] });
    expect(result).toMatchObject({ isValid: false, problem: 'too-complex' });
  });

  it('a chain longer than any honest one', async () => {
    const root = await rootOf();
    let authority = root;
    const intermediates: Uint8Array[] = [];
    for (let depth = 0; depth < pathLimits.lengthMax; depth++) {
      authority = await below(authority, `CN=Level ${depth}`);
      intermediates.push(authority.certificate);
    }
    const certificate = await leafOf(authority);
    expect(await ask({ certificate, intermediates, anchors: [root.certificate] })).toMatchObject({
      problem: 'untrusted',
    });
  });

  it('names times constraints', async () => {
    const many = Array.from({ length: 900 }, (_, index) => ({ kind: 'dns', value: `a${index}.example` }) as const);
    const root = { extensions: [...authorityMarks, nameConstraints({ excluded: many })] };
    const names = Array.from({ length: 900 }, (_, index) => ({ kind: 'dns', value: `b${index}.example` }) as const);
    const leaf = { extensions: [subjectAltName(names, false)] };
    expect(await crafted({ root, leaf })).toMatchObject({ problem: 'too-complex' });
  });
});

const craftTagged = (tag: number, ...inner: readonly Uint8Array[]): Uint8Array => {
  const whole = setOf();
  const content = inner.flatMap((part) => [...part]);
  return Uint8Array.from([tag, content.length, ...content, ...whole.subarray(2)]);
};
