import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { importSigningKey, SecretBytes } from '@quantumvault/crypto';
import { encode as encodeWithCborg, rfc8949EncodeOptions } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signingKey, tenant } from '../../test/samples.ts';
import { EnvelopeError } from '../errors.ts';
import { signerOfKey } from '../signature/signer.ts';
import { type ApprovalPlan, encodePlan, type PlanValue, plainText, planBytesMax, planHash, planLines } from './plan.ts';
import { type ApprovalStatement, approvalSignerOf, signApproval, verifyApproval } from './statement.ts';

const [author, stranger] = [await signingKey('Ed25519'), await signingKey('ML-DSA-65')];
const [requestId, approverId, requesterId, otherId] = [1, 2, 3, 4].map(
  (number) => `019a0000-0000-7000-8000-00000000000${number}`,
) as [string, string, string, string];
const plan: ApprovalPlan = {
  tenant,
  operation: 'asset.archive',
  resource: { type: 'asset', id: otherId },
  plan: { assetId: otherId, name: 'Zahlungen é', tags: ['a', 'b'], version: 7, final: true, note: null },
};
const statement: ApprovalStatement = {
  plan,
  requestId,
  requester: { kind: 'user', id: requesterId },
  approverId,
  decision: 'approve',
};
const statedAt = 1_764_115_200_000;

async function kindOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    return error.kind;
  }
}

const planValue: fc.Arbitrary<PlanValue> = fc.letrec<{ value: PlanValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 8 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const plans = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 8 }), planValue, {
  maxKeys: 5,
  noNullPrototype: true,
});

/** The same bytes by another library. */
const independentPlan = ({ tenant: owner, operation, resource, plan: fields }: ApprovalPlan): Uint8Array =>
  encodeWithCborg([uuid(owner), operation, [resource.type, resource.id], fields], rfc8949EncodeOptions);
const uuid = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll('-', ''), 'hex'));
const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const utf8 = new TextEncoder();

describe('ACC-9: the hash of a plan', () => {
  it('ACC-9: is that of the one encoding, as another library writes it, whatever the order of names', () => {
    fc.assert(
      fc.property(plans, (fields) => {
        const bytes = independentPlan({ ...plan, plan: fields });
        expect(encodePlan({ ...plan, plan: fields })).toEqual(new Uint8Array(bytes));
        const turned = Object.fromEntries(Object.entries(fields).reverse());
        const label = utf8.encode('quantumvault/approval-plan/v1\n');
        expect(planHash({ ...plan, plan: turned })).toEqual(sha256(concat(label, bytes)));
      }),
    );
  });

  it('ACC-9: two plans that differ anywhere have two hashes', () => {
    const hex = (given: ApprovalPlan) => Buffer.from(planHash(given)).toString('hex');
    const changed: ApprovalPlan[] = [
      { ...plan, tenant: otherId },
      { ...plan, operation: 'asset.withdraw' },
      { ...plan, resource: { type: 'asset', id: requestId } },
      { ...plan, resource: { type: 'assets', id: otherId } },
      { ...plan, plan: { ...plan.plan, version: 8 } },
      { ...plan, plan: { ...plan.plan, version: '7' } },
      { ...plan, plan: { ...plan.plan, tags: ['b', 'a'] } },
      { ...plan, plan: { ...plan.plan, tags: ['ab'] } },
      { ...plan, plan: { ...plan.plan, final: 1 } },
      { ...plan, plan: { ...plan.plan, more: null } },
    ];
    expect(new Set([plan, ...changed].map(hex)).size).toBe(changed.length + 1);
  });

  it('ACC-9: what has no encoding, or is too large to be read, is no plan', async () => {
    const hashOf = (fields: Record<string, unknown>) =>
      kindOf(() => planHash({ ...plan, plan: fields as ApprovalPlan['plan'] }));
    for (const bad of [1.5, -0, Number.NaN, 2 ** 53, '\ud800', undefined, 1n, () => 1]) {
      expect(await hashOf({ bad })).toBe('MALFORMED');
    }
    expect(await hashOf({ deep: [[[[[[[1]]]]]]] })).toBe('LIMIT');
    expect(await hashOf({ long: 'x'.repeat(planBytesMax) })).toBe('LIMIT');
    expect(await kindOf(() => planHash({ ...plan, tenant: tenant.toUpperCase() }))).toBe('MALFORMED');
  });
});

describe('ACC-9: a signed approval', () => {
  it.each([['Ed25519'], ['ML-DSA-65'], ['MLDSA65-Ed25519-SHA512']] as const)('ACC-9: by %s verifies', async (name) => {
    const signer = await signingKey(name);
    const signature = await signApproval(statement, { signer, statedAt });
    expect(approvalSignerOf(signature)).toEqual(signer.signer.fingerprint);
    expect(await verifyApproval(statement, { signature, signers: [stranger.signer, signer.signer] })).toEqual({
      signer: signer.signer,
      statedAt,
    });
  });

  it('ACC-9: is refused for another plan, person, request, organization, decision or key', async () => {
    const signature = await signApproval(statement, { signer: author, statedAt });
    const verify = (given: ApprovalStatement, signers = [author.signer]) =>
      kindOf(() => verifyApproval(given, { signature, signers }));
    expect(await verify(statement)).toBe('done');
    const others: [ApprovalStatement, string][] = [
      [{ ...statement, decision: 'reject' }, 'AUTHENTICATION_FAILED'],
      [{ ...statement, approverId: otherId }, 'AUTHENTICATION_FAILED'],
      [{ ...statement, requester: { kind: 'user', id: otherId } }, 'AUTHENTICATION_FAILED'],
      [{ ...statement, requester: { kind: 'service-account', id: requesterId } }, 'AUTHENTICATION_FAILED'],
      [{ ...statement, plan: { ...plan, plan: { ...plan.plan, version: 8 } } }, 'AUTHENTICATION_FAILED'],
      [{ ...statement, requestId: otherId }, 'CONTEXT_MISMATCH'],
      [{ ...statement, plan: { ...plan, tenant: otherId } }, 'CONTEXT_MISMATCH'],
    ];
    for (const [given, kind] of others) expect(await verify(given)).toBe(kind);
    expect(await verify(statement, [stranger.signer])).toBe('AUTHENTICATION_FAILED');
  });

  it('ACC-9: is refused at every flipped byte', async () => {
    const signature = await signApproval(statement, { signer: author, statedAt });
    for (const [at, byte] of signature.entries()) {
      const bad = signature.with(at, byte ^ 1);
      expect(await kindOf(() => verifyApproval(statement, { signature: bad, signers: [author.signer] }))).not.toBe(
        'done',
      );
    }
  });

  it('ACC-9: takes no algorithm but those that approvers sign with', async () => {
    const signer = await signingKey('SLH-DSA-SHA2-128f');
    expect(await kindOf(() => signApproval(statement, { signer, statedAt }))).toBe('UNSUPPORTED');
  });
});

describe('ACC-9: the published vector', () => {
  const vector = JSON.parse(
    readFileSync(new URL('../../../../tests/vectors/approval/statement.json', import.meta.url), 'utf8'),
  );
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

  it('ACC-9: gives plan, hash and signature, and other libraries agree', async () => {
    const given: ApprovalStatement = vector.statement;
    expect(Buffer.from(encodePlan(given.plan)).toString('base64')).toBe(vector.planBytes);
    expect(Buffer.from(planHash(given.plan)).toString('hex')).toBe(vector.planHash);
    const key = importSigningKey({ algorithm: 'Ed25519', privateKey: SecretBytes.take(bytes(vector.seed)) });
    const signer = signerOfKey(key);
    const signature = await signApproval(given, { signer, statedAt: vector.statedAt });
    expect(Buffer.from(signature).toString('base64')).toBe(vector.signature);

    // APR-3 to APR-5 once more, with cborg and noble alone.
    const body = encodeWithCborg(
      [
        uuid(given.plan.tenant),
        uuid(given.requestId),
        sha256(concat(utf8.encode('quantumvault/approval-plan/v1\n'), independentPlan(given.plan))),
        [given.requester.kind, uuid(given.requester.id)],
        uuid(given.approverId),
        given.decision,
      ],
      rfc8949EncodeOptions,
    );
    const content = concat(utf8.encode('quantumvault/approval-statement/v1\n'), body);
    const facts = encodeWithCborg(
      {
        signer: sha256(concat(utf8.encode('QV1 signer\u0007Ed25519'), ed25519.getPublicKey(bytes(vector.seed)))),
        tenant: given.plan.tenant,
        purpose: 'approval',
        context: { request: given.requestId },
        created: vector.statedAt,
        length: content.length,
      },
      rfc8949EncodeOptions,
    );
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, facts.length);
    const message = concat(utf8.encode('QV1 detached'), length, facts, sha512(content));
    const signed = ed25519.sign(message, bytes(vector.seed));
    // Behind the signature stands the length of its part.
    expect(Buffer.from(signature.slice(-68, -4)).toString('hex')).toBe(Buffer.from(signed).toString('hex'));
  });

  it('attack case 26: a line of a plan is one line, and no value of it turns what stands beside', () => {
    const lines = planLines({ name: 'a\u202eb\nrole: auditor', list: ['\u2066x', 'שלום'] });
    expect(lines).toEqual(['name: a\\u{202e}b\\u{a}role: auditor', 'list 1: \\u{2066}x', 'list 2: שלום']);
  });

  it.each([
    ['nothing to see', ['\u200b', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u3164', '\u2800', '\ufe0f', '\u{e0061}']],
    ['another space, or one that a page does not show', ['\u00a0', '\u3000', ' ']],
    ['a half of a character', ['\ud800']],
  ])('attack case 26: a name with %s is not shown as the one without it', (_what, marks) => {
    for (const mark of marks) {
      const shown = `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`;
      expect(planLines({ name: `payroll${mark}` })).toEqual([`name: payroll${shown}`]);
    }
  });

  it('attack case 26: marks do not pile up over the lines above, and a text that looks like a shown mark is told from it', () => {
    expect(planLines({ name: `a${'\u0301'.repeat(6)}` })).toEqual([`name: a${'\u0301'.repeat(4)}\\u{301}\\u{301}`]);
    expect(planLines({ name: 'a\\u{202e}b' })).toEqual(['name: a\\u{5c}u{202e}b']);
    expect(planLines({ name: 'C:\\data \\users' })).toEqual(['name: C:\\data \\users']);
  });

  it('attack case 26: property: what is shown of a text can be read back, so no two texts are shown the same', () => {
    const piece = fc.constantFrom(
      '\\',
      'u{',
      '202e}',
      '5c}',
      '20}',
      '\u202e',
      '\u200b',
      ' ',
      '\u0301',
      '\u{e0061}',
      'a',
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (given) => {
        const shown = plainText(given);
        expect(shown).toMatch(/^(?! )[^\u202e\u200b]*(?<! )$/u);
        const read = shown.replace(/\\u\{([0-9a-f]+)\}/g, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)));
        expect(read).toBe(given);
      }),
    );
  });
});
