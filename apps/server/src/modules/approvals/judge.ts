import { type Access, compileAccess, type Grant } from '../../kernel/access.ts';
import { type Actor, internalRequest, noCredential } from '../../kernel/actor.ts';
import { type ActorId, idFrom } from '../../kernel/ids.ts';
import type { Permission } from '../../kernel/permissions.ts';
import { isSamePerson } from '../../kernel/person.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { decide } from '../access/index.ts';
import type { ApprovalRequest, Vote } from './domain/approval.ts';
import { type Demand, demandOf, demandOfChange, strictest } from './domain/demand.ts';
import { recall } from './domain/facts.ts';
import { type Count, countApprovals, requesterKeysOf, type Voter } from './domain/quorum.ts';
import type { ApprovalPolicies } from './ports/approval-policies.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';
import type { People } from './ports/people.ts';

export interface JudgeOptions {
  readonly repository: ApprovalRepository;
  readonly policies: ApprovalPolicies;
  readonly people: People;
}

/** Users who are looked at when approvers are searched for, of those who may decide at all. */
const candidatesMax = 1_000;

const deciding: Permission = 'approval.decide';

const isCurrent = ({ effect, conditions }: Grant, now: Date): boolean =>
  effect === 'deny' ||
  ((conditions.notBefore === undefined || conditions.notBefore <= now) &&
    (conditions.expiresAt === undefined || conditions.expiresAt > now));

/** What is demanded of a request, and what it has, as of this transaction. */
export class Judge {
  readonly #repository: ApprovalRepository;
  readonly #policies: ApprovalPolicies;
  readonly #people: People;
  constructor(options: JudgeOptions) {
    this.#repository = options.repository;
    this.#policies = options.policies;
    this.#people = options.people;
  }

  /**
   * What the organization demands of an operation now; null: nothing. `plan` is asked for changes of policies, and for those of
   * roles: another list of permissions gives them to everybody who holds the role or takes them, as a grant and its revocation
   * do, and another name makes them the approvers of whatever wants that role.
   */
  async demandNow(
    tx: Transaction,
    operation: ApprovalRequest['operation'],
    plan: () => Promise<ApprovalRequest['plan']>,
  ): Promise<Demand | null> {
    if (operation === 'role.update') {
      const own = await this.policyOf(tx, operation);
      const ofGrants = [await this.policyOf(tx, 'grant.create'), await this.policyOf(tx, 'grant.revoke')];
      if (ofGrants.every((demand) => demand === null)) return own;
      const { newPermissions, newName, name } = await plan();
      if (newPermissions === null && (newName === null || newName === name)) return own;
      return ofGrants.reduce((sum, demand) => (demand === null ? sum : strictest(demand, sum)), own);
    }
    if (operation !== 'approval-policy.change') return this.policyOf(tx, operation);
    const all = await this.#policies.all(tx);
    if (all.length === 0) return null;
    return demandOfChange(new Map(all.map((policy) => [policy.operation, policy])), String((await plan()).operation));
  }

  /** What the policy of one operation demands; null: there is none. */
  async policyOf(tx: Transaction, operation: ApprovalRequest['operation']): Promise<Demand | null> {
    const policy = await this.#policies.find(tx, operation);
    return policy === null ? null : demandOf(policy);
  }

  /** What was demanded when it was asked, and what a stricter policy of today demands beside it. */
  async demand(tx: Transaction, request: ApprovalRequest): Promise<Demand> {
    return strictest(request.demand, await this.demandNow(tx, request.operation, async () => request.plan));
  }

  async count(tx: Transaction, request: ApprovalRequest, votes: readonly Vote[]): Promise<Count> {
    const demand = await this.demand(tx, request);
    const now = await this.#repository.now(tx);
    const facts = await this.#repository.facts(tx, request.id);
    const ids = votes.map(({ approverId }) => approverId);
    const keys = await this.#people.keysOf(tx, [request.requester.id, ...request.requesterBehind, ...ids]);
    const voters = new Map<string, Voter>();
    for (const vote of votes) {
      const access = await this.#people.accessOf(tx, vote.approverId);
      const then = recall(facts.get(vote.approverId), request.id);
      // Whoever had a key or a session that was taken back since may have voted with it; what the approver signed himself stands.
      const isTakenBack =
        vote.signature === null && (await this.#people.isTakenBack(tx, then?.credential ?? noCredential));
      const held =
        access === null || isTakenBack ? null : { access, credential: then?.credential, request: then?.request };
      voters.set(vote.approverId, {
        approverId: vote.approverId,
        personKeys: keys.get(vote.approverId) ?? [],
        // The right must be there now; what it asks of the circumstances held when the vote was cast.
        ...this.#rights(tx, vote.approverId, held, { now, votedAt: vote.createdAt }),
      });
    }
    return countApprovals(votes, { demand, voters, requesterKeys: requesterKeysOf(request, keys) });
  }

  /** Roles of somebody who is about to vote, and whether they meet any threshold. */
  meetsThreshold(actor: Actor, demand: Demand, now: Date): boolean {
    const roles = rolesHeld(actor, now);
    return demand.thresholds.some(({ approverRole }) => approverRole === null || roles.has(approverRole));
  }

  /** Whether so many people besides `exceptId` could approve, holders of the role alone when there is one. */
  async canReach(
    tx: Transaction,
    wanted: { readonly quorum: number; readonly approverRole: string | null; readonly exceptId: string },
  ): Promise<boolean> {
    const now = await this.#repository.now(tx);
    const entitled: string[] = [];
    for (const subjectId of await this.#people.candidates(tx, { permission: deciding, limit: candidatesMax })) {
      const access = subjectId === wanted.exceptId ? null : await this.#people.accessOf(tx, subjectId);
      if (access === null) continue;
      const { isEntitled, roles } = this.#rights(tx, subjectId, { access }, { now, votedAt: now });
      if (isEntitled && (wanted.approverRole === null || roles.has(wanted.approverRole))) entitled.push(subjectId);
      if (entitled.length > wanted.quorum) break;
    }
    const keys = await this.#people.keysOf(tx, [...entitled, wanted.exceptId]);
    const seen = new Set(keys.get(wanted.exceptId));
    let people = 0;
    for (const subjectId of entitled) {
      const own = keys.get(subjectId) ?? [];
      if (!own.some((key) => seen.has(key))) people += 1;
      for (const key of own) seen.add(key);
    }
    return people >= wanted.quorum;
  }

  /** Who could approve: entitled now, of a role that is wanted, and another person than who asks and who could act for him then. */
  async approversFor(
    tx: Transaction,
    asked: Pick<ApprovalRequest, 'requesterBehind'> & {
      readonly demand: Demand;
      readonly requester: Pick<ApprovalRequest['requester'], 'id'>;
      readonly limit: number;
    },
  ): Promise<readonly string[]> {
    const { demand, requester, requesterBehind, limit } = asked;
    const now = await this.#repository.now(tx);
    const candidates = (await this.#people.candidates(tx, { permission: deciding, limit: candidatesMax })).filter(
      (id) => id !== requester.id,
    );
    const keys = await this.#people.keysOf(tx, [...candidates, requester.id, ...requesterBehind]);
    const requesterKeys = requesterKeysOf(asked, keys);
    const found: string[] = [];
    for (const subjectId of candidates) {
      if (found.length === limit) break;
      if (isSamePerson(keys.get(subjectId) ?? [], requesterKeys)) continue;
      const access = await this.#people.accessOf(tx, subjectId);
      if (access === null) continue;
      const { isEntitled, roles } = this.#rights(tx, subjectId, { access }, { now, votedAt: now });
      const isWanted = demand.thresholds.some(({ approverRole }) => approverRole === null || roles.has(approverRole));
      if (isEntitled && isWanted) found.push(subjectId);
    }
    return found;
  }

  #rights(
    tx: Transaction,
    subjectId: string,
    held: {
      access: Access;
      credential?: Actor['credential'] | undefined;
      request?: Actor['request'] | undefined;
    } | null,
    { now, votedAt }: { now: Date; votedAt: Date },
  ): Pick<Voter, 'isEntitled' | 'roles'> {
    if (held === null) return { isEntitled: false, roles: new Set() };
    const actor: Actor = {
      kind: 'user',
      id: idFrom<ActorId>(subjectId),
      tenantId: tx.tenantId,
      access: compileAccess(held.access.grants.filter((grant) => isCurrent(grant, now))),
      credential: held.credential ?? noCredential,
      request: held.request ?? internalRequest('approval'),
      approval: null,
    };
    const isEntitled = decide(actor, { action: deciding, place: null, now: votedAt }).isAllowed;
    return { isEntitled, roles: isEntitled ? rolesHeld(actor, votedAt) : new Set() };
  }
}

/** Roles whose grants on the whole organization hold: judged as any other grant, by one of their permissions. */
function rolesHeld(actor: Actor, now: Date): ReadonlySet<string> {
  const roles = new Set<string>();
  const credential = { ...actor.credential, permissions: null };
  for (const grant of actor.access.grants) {
    const [permission] = [...grant.permissions].reverse();
    if (grant.effect !== 'allow' || grant.place !== null || permission === undefined) continue;
    const alone = { ...actor, credential, access: compileAccess([grant]) };
    if (decide(alone, { action: permission, place: null, now }).isAllowed) roles.add(grant.role);
  }
  return roles;
}
