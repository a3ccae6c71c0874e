import type { AuditEventView } from '@quantumvault/api';
import { decodeEvent, decodeLeaf, formatLogKeys, formatProofFile, proveInclusion } from '@quantumvault/tlog';
import { beforeAll, describe, expect, it } from 'vitest';
import { newSigners, SampleLog, sampleLog, tenants } from '../../../../packages/tlog/test/sample-log.ts';
import { checkProof, type ProofInput } from './proof-check.ts';

let log: SampleLog;
let input: ProofInput;
const at = 5;

function viewOf(leaf: Uint8Array, logIndex: number): AuditEventView {
  const fields = decodeLeaf(leaf);
  const event = decodeEvent(fields.event);
  return {
    id: event.id,
    time: new Date(Number(event.time / 1000n)).toISOString(),
    action: event.action,
    outcome: event.outcome,
    actor: event.actor,
    resource: event.resource,
    requestId: event.requestId,
    source: '192.0.2.7',
    reason: null,
    riskScore: event.riskScore,
    details: Object.fromEntries(Object.entries(event.details)) as AuditEventView['details'],
    logIndex,
    tenantSequence: fields.tenantSequence,
  };
}

async function proofOf(of: SampleLog, index: number): Promise<string> {
  const proof = await proveInclusion(await of.trusted(), BigInt(index), of.edge.size);
  const leaf = of.leaves[index];
  if (leaf === undefined) throw new Error('no such leaf');
  return formatProofFile({ index: BigInt(index), leaf, proof, checkpoint: of.latest });
}

beforeAll(async () => {
  log = await sampleLog(11);
  const leaf = log.leaves[at];
  if (leaf === undefined) throw new Error('no leaf');
  const event = viewOf(leaf, at);
  input = {
    event,
    organizationId: log.tenantOf[at] ?? '',
    proof: { eventId: event.id, proof: await proofOf(log, at) },
    keys: formatLogKeys(log.keys),
    keysFrom: 'server',
  };
});

/** The steps that did not pass. */
const faults = (changed: Partial<ProofInput>): string[] => {
  const check = checkProof({ ...input, ...changed });
  expect(check.isProven).toBe(check.steps.every(({ status }) => status === 'passed'));
  return check.steps.filter(({ status }) => status !== 'passed').map(({ id }) => id);
};
const withProof = (proof: string): Partial<ProofInput> => ({ proof: { ...input.proof, proof } });

describe('AUD-6: an event verified in the browser', () => {
  it('AUD-6: an honest answer is proven, with every value that was computed and what was not checked', () => {
    const check = checkProof(input);
    expect(check.steps.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed']);
    expect(check.isProven).toBe(true);
    expect(check.checkpoint).toMatchObject({ size: 14, signedAt: new Date(1_780_000_010_000).toISOString() });
    const path = check.steps.find(({ id }) => id === 'path')?.values ?? [];
    expect(path).toHaveLength(4 + 2);
    expect(path.at(-2)?.value).toBe(path.at(-1)?.value);
    expect(check.notChecked.join(' ')).toMatch(/came from the server.*another log.*left out.*source address/);
    expect(checkProof({ ...input, keysFrom: 'reader' }).notChecked.join(' ')).not.toContain('came from the server');
  });

  it.each<[string, (event: AuditEventView) => Partial<AuditEventView>]>([
    ['action', () => ({ action: 'asset.read' })],
    ['outcome', () => ({ outcome: 'refused' })],
    ['time', ({ time }) => ({ time: time.replace('2026', '2025') })],
    ['actor', ({ actor }) => ({ actor: { ...actor, id: tenants[0] } })],
    ['resource', ({ resource }) => ({ resource: { ...resource, id: tenants[0] } })],
    ['request', () => ({ requestId: null })],
    ['risk score', ({ riskScore }) => ({ riskScore: riskScore + 1 })],
    ['reason code', () => ({ reason: { code: 'ASKED', text: null } })],
    ['number among the entries', () => ({ tenantSequence: 99 })],
    ['detail attempt', ({ details }) => ({ details: { ...details, attempt: 6 } })],
    ['detail attempt', ({ details: { attempt: _, ...rest } }) => ({ details: rest })],
    ['detail more', ({ details }) => ({ details: { ...details, more: true } })],
    ['detail __proto__', ({ details }) => ({ details: { ...details, ['__proto__']: true } })],
  ])('AUD-6: an event that is shown with another %s fails, and the field is named', (field, change) => {
    const event = { ...input.event, ...change(input.event) };
    expect(faults({ event })).toEqual(['event']);
    expect(checkProof({ ...input, event }).steps.at(-1)?.finding).toContain(`${field}`);
  });

  it('AUD-6: the proof of another event, of another entry or of another organization fails', async () => {
    const other = await proofOf(log, at + 1);
    expect(faults({ proof: { eventId: tenants[0], proof: other } })).toEqual(['proof', 'event']);
    expect(faults({ event: { ...input.event, logIndex: 4 } })).toEqual(['proof']);
    expect(faults({ organizationId: tenants.find((tenant) => tenant !== input.organizationId) ?? '' })).toEqual([
      'event',
    ]);
  });

  it('AUD-6: a changed byte of the entry, a sibling, the root or a signature fails where it is', () => {
    const text = input.proof.proof;
    const lines = text.split('\n');
    const flipped = (line: number, place = 20) =>
      lines
        .map((text, number) => {
          if (number !== line) return text;
          const at = text.length - place;
          return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
        })
        .join('\n');
    expect(faults(withProof(flipped(1)))).toContain('path');
    expect(faults(withProof(flipped(4)))).toEqual(['path']);
    const root = lines.indexOf('') + 3;
    expect(faults(withProof(flipped(root)))).toEqual(['signatures', 'path']);
    const [ed, ml] = [lines.length - 3, lines.length - 2];
    expect(lines[ed]).toMatch(/^— /);
    expect(faults(withProof(flipped(ed)))).toEqual(['signatures']);
    expect(faults(withProof(flipped(ml)))).toEqual(['signatures']);
    expect(faults(withProof(lines.filter((_, number) => number !== ml).join('\n')))).toEqual(['signatures']);
    expect(faults(withProof(text.replace(`index ${at}`, `index ${at - 1}`)))).toEqual(['proof', 'path']);
    expect(faults(withProof(''))).toEqual(['proof', 'signatures', 'leaf', 'path', 'event']);
  });

  it('AUD-4: another log that says the same, signed with keys of its own, fails under the keys of this one', async () => {
    const forged = new SampleLog(newSigners());
    for (let number = 0; number < 11; number += 1) forged.append(tenants[(number * 7) % 3] ?? tenants[0]);
    await forged.publish();
    const proof = withProof(await proofOf(forged, at));
    expect(faults(proof)).toEqual(['signatures']);
    // With its keys it holds: that is why it is said where the keys came from.
    expect(faults({ ...proof, keys: formatLogKeys(forged.keys) })).toEqual([]);
    expect(faults({ keys: '' })).toEqual(['signatures']);
    expect(faults({ keys: 'no keys' })).toEqual(['signatures']);
  });
});
