import { plainText, planLines } from '@quantumvault/envelope';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailboxOf, personKeysOf } from '../../../kernel/person.ts';
import { type ApprovalStatus, statusAt, transitions, type Vote } from './approval.ts';
import { type ApprovalPolicy, type Demand, demandOf, demandOfChange, highestQuorum, strictest } from './demand.ts';
import { isInNetworks } from './networks.ts';
import { countApprovals, type Voter } from './quorum.ts';

const demand = (overrides: Partial<Demand> = {}): Demand => ({
  thresholds: [{ quorum: 2, approverRole: null }],
  expiresInSeconds: 3600,
  signatureRequired: false,
  reasonRequired: false,
  approverNetworks: [],
  ...overrides,
});
const voteOf = (approverId: string, overrides: Partial<Vote> = {}): Vote => ({
  approverId,
  decision: 'approve',
  reason: null,
  signature: null,
  keyId: null,
  createdAt: new Date(0),
  ...overrides,
});
const voterOf = (approverId: string, overrides: Partial<Voter> = {}): Voter => ({
  approverId,
  isEntitled: true,
  roles: new Set(),
  personKeys: [`subject ${approverId}`],
  ...overrides,
});
const count = (
  voters: readonly Voter[],
  options: Partial<Demand> = {},
  votes = voters.map((v) => voteOf(v.approverId)),
) =>
  countApprovals(votes, {
    demand: demand(options),
    voters: new Map(voters.map((voter) => [voter.approverId, voter])),
    requesterKeys: ['subject requester', 'mailbox r@example.org'],
  });

const policy: fc.Arbitrary<ApprovalPolicy> = fc.record({
  quorum: fc.integer({ min: 1, max: 5 }),
  approverRole: fc.constantFrom(null, 'auditor', 'custodian'),
  expiresInSeconds: fc.integer({ min: 60, max: 1000 }),
  signatureRequired: fc.boolean(),
  reasonRequired: fc.boolean(),
  approverNetworks: fc.constantFrom<string[]>([], ['10.0.0.0/8'], ['192.168.0.0/16', 'fd00::/8']),
});
const people: fc.Arbitrary<readonly Voter[]> = fc
  .uniqueArray(
    fc.record({
      approverId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'requester'),
      isEntitled: fc.boolean(),
      roles: fc.subarray(['auditor', 'custodian']).map((roles) => new Set(roles)),
      personKeys: fc.subarray(['mailbox r@example.org', 'mailbox x@example.org', 'mailbox y@example.org']),
    }),
    { selector: ({ approverId }) => approverId },
  )
  .map((voters) =>
    voters.map((voter) => ({ ...voter, personKeys: [`subject ${voter.approverId}`, ...voter.personKeys] })),
  );

describe('ACC-9: who counts', () => {
  it('ACC-9: entitled people besides the requester, each once', () => {
    expect(count([voterOf('a'), voterOf('b')]).isReached).toBe(true);
    expect(count([voterOf('a'), voterOf('b', { isEntitled: false })]).isReached).toBe(false);
    expect(count([voterOf('a'), voterOf('requester')]).isReached).toBe(false);
    const mailbox = ['subject b', 'mailbox r@example.org'];
    expect(count([voterOf('a'), voterOf('b', { personKeys: mailbox })]).isReached).toBe(false);
    const shared = ['mailbox x@example.org'];
    const twins = [voterOf('a', { personKeys: shared }), voterOf('b', { personKeys: shared })];
    expect(count(twins).thresholds).toMatchObject([{ counted: 1 }]);
    expect(count([...twins, voterOf('c')]).isReached).toBe(true);
  });

  it('ACC-9: a rejection and an unsigned vote, where signatures are demanded, are no approvals', () => {
    const both = [voterOf('a'), voterOf('b')];
    expect(count(both, {}, [voteOf('a'), voteOf('b', { decision: 'reject' })]).isReached).toBe(false);
    const signature = new Uint8Array(1);
    const signed = [voteOf('a', { signature }), voteOf('b', { signature })];
    expect(count(both, { signatureRequired: true }).isReached).toBe(false);
    expect(count(both, { signatureRequired: true }, signed).isReached).toBe(true);
  });

  it('ACC-9: every threshold must be met, each by holders of its role', () => {
    const thresholds = [
      { quorum: 2, approverRole: null },
      { quorum: 1, approverRole: 'custodian' },
    ];
    const custodian = { roles: new Set(['custodian']) };
    expect(count([voterOf('a'), voterOf('b')], { thresholds }).isReached).toBe(false);
    expect(count([voterOf('a'), voterOf('b', custodian)], { thresholds }).isReached).toBe(true);
  });

  it('ACC-9: property: nobody reaches a quorum with fewer people, and one more vote never takes approvals away', () => {
    fc.assert(
      fc.property(policy, people, (given, voters) => {
        const asked = demandOf(given);
        const { isReached, counting } = count(voters, asked);
        const entitled = voters.filter(
          (voter) =>
            voter.isEntitled && voter.approverId !== 'requester' && !voter.personKeys.includes('mailbox r@example.org'),
        );
        const humans = new Set(
          entitled.map(({ personKeys }) => personKeys.find((key) => key.startsWith('mailbox')) ?? personKeys[0]),
        );
        if (isReached) expect(humans.size).toBeGreaterThanOrEqual(highestQuorum(asked));
        for (const id of counting) expect(entitled.map(({ approverId }) => approverId)).toContain(id);
        const more = count([...voters, voterOf('another')], asked);
        if (isReached) expect(more.isReached).toBe(true);
      }),
    );
  });
});

describe('ACC-9: what is demanded', () => {
  it('ACC-9: property: two demands together are met only when each is', () => {
    fc.assert(
      fc.property(policy, policy, people, (one, other, voters) => {
        const both = strictest(demandOf(one), demandOf(other));
        if (count(voters, both).isReached) {
          expect(count(voters, { ...demandOf(one) }).isReached).toBe(true);
          expect(count(voters, { ...demandOf(other) }).isReached).toBe(true);
        }
        expect(both.expiresInSeconds).toBe(Math.min(one.expiresInSeconds, other.expiresInSeconds));
        expect(both.reasonRequired).toBe(one.reasonRequired || other.reasonRequired);
      }),
    );
  });

  it('ACC-9: property: no policy is changed with less than it demands itself', () => {
    const operations = ['asset.archive', 'policy.delete', 'approval-policy.change'] as const;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.constantFrom(...operations), policy), { selector: ([name]) => name }),
        people,
        (list, voters) => {
          const policies = new Map<string, ApprovalPolicy>(list);
          expect(demandOfChange(new Map(), 'asset.archive')).toBeNull();
          for (const [name, own] of policies) {
            const asked = demandOfChange(policies, name);
            if (asked !== null && count(voters, asked).isReached)
              expect(count(voters, demandOf(own)).isReached).toBe(true);
            expect(asked).not.toBeNull();
          }
          // An operation that was free: by what is demanded of changes, or by all.
          if (policies.size > 0) expect(demandOfChange(policies, 'job.cancel')).not.toBeNull();
        },
      ),
    );
  });
});

describe('ACC-9: states', () => {
  it('ACC-9: property: no walk through the states carries a plan out twice, or after its end', () => {
    const steps = Object.keys(transitions) as ApprovalStatus[];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 30 }), (wanted) => {
        let status: ApprovalStatus = 'pending';
        const seen: ApprovalStatus[] = [];
        for (const next of wanted) {
          if (!transitions[status].includes(next)) continue;
          status = next;
          seen.push(next);
        }
        expect(seen.filter((state) => state === 'executed').length).toBeLessThanOrEqual(1);
        const ends = seen.findIndex((state) => transitions[state].length === 0);
        if (ends !== -1) expect(ends).toBe(seen.length - 1);
        if (seen.includes('executed')) expect(seen[seen.indexOf('executed') - 1]).toBe('approved');
      }),
    );
  });

  it('ACC-9: an open request whose time is over has expired', () => {
    const at = (status: ApprovalStatus, now: number) => statusAt({ status, expiresAt: new Date(1000) }, new Date(now));
    expect([at('pending', 999), at('pending', 1000), at('approved', 1001)]).toEqual(['pending', 'expired', 'expired']);
    expect([at('executed', 2000), at('rejected', 2000)]).toEqual(['executed', 'rejected']);
  });
});

describe('ACC-9: people, networks and plans', () => {
  it('ACC-9: one mailbox is one, however it is spelled', () => {
    for (const email of ['Bob@Example.org', 'bob+2@example.org', ' bob@example.org.', 'ｂｏｂ@example.org'])
      expect(mailboxOf(email)).toBe('bob@example.org');
    expect(mailboxOf('+x@example.org')).not.toBe(mailboxOf('+y@example.org'));
    expect(mailboxOf('bob@other.org')).not.toBe(mailboxOf('bob@example.org'));
    expect(personKeysOf({ subjectIds: ['1'], emails: ['A@b.org'] })).toEqual(['subject 1', 'mailbox a@b.org']);
  });

  it('ACC-9: an address is in a network however a socket writes it, and an unknown one is in none', () => {
    const lists = [['10.0.0.0/8', 'fd00::/8']];
    for (const inside of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1']) expect(isInNetworks(inside, lists)).toBe(true);
    for (const outside of ['11.0.0.1', '::1', null, 'nonsense']) expect(isInNetworks(outside, lists)).toBe(false);
    expect(isInNetworks('10.1.2.3', [...lists, ['10.9.0.0/16']])).toBe(false);
    expect(isInNetworks(null, [])).toBe(true);
  });

  it('ACC-9: property: every value of a plan stands in its lines', () => {
    const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string({ minLength: 1, maxLength: 8 }));
    const plan = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,6}$/),
      fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), leaf)),
    );
    fc.assert(
      fc.property(plan, (given) => {
        const lines = planLines(given);
        const values = Object.values(given).flatMap((value) =>
          typeof value === 'object' ? Object.values(value) : [value],
        );
        for (const value of values)
          expect(lines.some((line) => line.endsWith(`: ${plainText(String(value))}`))).toBe(true);
        for (const name of Object.keys(given)) {
          const isEmpty = typeof given[name] === 'object' && Object.keys(given[name]).length === 0;
          if (!isEmpty || Array.isArray(given[name])) expect(lines.some((line) => line.startsWith(name))).toBe(true);
        }
      }),
    );
  });
});
