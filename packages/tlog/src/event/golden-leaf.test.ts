import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes.ts';
import { chainNext, chainStart } from './chain.ts';
import { type AuditEvent, type DetailValue, decodeEvent, encodeEvent, eventDigest, type SealedField } from './event.ts';
import { decodeLeaf, encodeLeaf, leafHash, tenantGenesis } from './leaf.ts';

interface GoldenSealed {
  readonly subjectKey: string;
  readonly suite: string;
  readonly hex: string;
}
interface GoldenDetail {
  readonly int?: string;
  readonly text?: string;
  readonly bool?: boolean;
  readonly hex?: string;
}
interface GoldenEvent extends Omit<AuditEvent, 'time' | 'source' | 'reason' | 'details'> {
  readonly time: string;
  readonly source: GoldenSealed | null;
  readonly reason: { readonly code: string; readonly text: GoldenSealed | null } | null;
  readonly details: Readonly<Record<string, GoldenDetail>>;
}
interface GoldenLeaf {
  readonly event: GoldenEvent;
  readonly eventHex: string;
  readonly digestHex: string;
  readonly tenantSequence: number;
  readonly previousTenantLeafHex: string;
  readonly leafHex: string;
  readonly leafHashHex: string;
  readonly chainPreviousHex: string;
  readonly chainHex: string;
}

const file = new URL('../../../../tests/vectors/merkle/golden-leaf.json', import.meta.url);
const golden: { readonly leaves: readonly GoldenLeaf[] } = JSON.parse(readFileSync(file, 'utf8'));

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function sealedOf(sealed: GoldenSealed | null): SealedField | null {
  return sealed === null ? null : { subjectKey: sealed.subjectKey, suite: sealed.suite, bytes: bytesOf(sealed.hex) };
}

function detailOf({ int, text, bool, hex }: GoldenDetail): DetailValue {
  if (int !== undefined) return Number.isSafeInteger(Number(int)) ? Number(int) : BigInt(int);
  return text ?? bool ?? (hex === undefined ? null : bytesOf(hex));
}

function eventOf(event: GoldenEvent): AuditEvent {
  const { reason } = event;
  return {
    ...event,
    time: BigInt(event.time),
    source: sealedOf(event.source),
    reason: reason === null ? null : { code: reason.code, text: sealedOf(reason.text) },
    details: Object.fromEntries(Object.entries(event.details).map(([key, value]) => [key, detailOf(value)])),
  };
}

describe('golden bytes of docs/spec/audit-leaf.md', () => {
  it.each(golden.leaves)('AUD-2, AUD-4: leaf $tenantSequence is, for ever, these bytes', (one) => {
    const event = eventOf(one.event);
    const eventBytes = encodeEvent(event);
    expect(toHex(eventBytes)).toBe(one.eventHex);
    expect(toHex(eventDigest(eventBytes))).toBe(one.digestHex);
    expect(decodeEvent(bytesOf(one.eventHex))).toEqual(event);
    const { tenantSequence } = one;
    const previousTenantLeaf = bytesOf(one.previousTenantLeafHex);
    const link = tenantSequence === 1 ? {} : { previousTenantLeaf };
    const leaf = encodeLeaf({ tenant: event.tenant, tenantSequence, event: eventBytes, ...link });
    expect(toHex(leaf)).toBe(one.leafHex);
    expect(toHex(leafHash(leaf))).toBe(one.leafHashHex);
    const fields = decodeLeaf(bytesOf(one.leafHex));
    expect(fields.tenantSequence).toBe(tenantSequence);
    expect(toHex(fields.previousTenantLeaf)).toBe(one.previousTenantLeafHex);
    expect(toHex(chainNext(bytesOf(one.chainPreviousHex), eventBytes))).toBe(one.chainHex);
  });

  it('AUD-5: chain and genesis begin with constants bound to the tenant', () => {
    const [first] = golden.leaves;
    const tenant = first?.event.tenant ?? '';
    expect(toHex(chainStart(tenant))).toBe(first?.chainPreviousHex);
    expect(toHex(tenantGenesis(bytesOf(tenant.replaceAll('-', ''))))).toBe(first?.previousTenantLeafHex);
    expect(chainStart('00000000-0000-0000-0000-000000000000')).not.toEqual(chainStart(tenant));
  });
});
