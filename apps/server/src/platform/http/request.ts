import type { RouteContract } from '@quantumvault/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, RequestFacts } from '../../kernel/actor.ts';
import type { Verdict } from '../limits/rate-limiter.ts';
import type { LimitPolicy } from '../limits/token-buckets.ts';

/** Every limit that was asked, and the one with the least left. */
export interface NotedLimits {
  readonly policies: readonly LimitPolicy[];
  readonly least: Verdict;
}

/** What our hooks add to a request, in one place. */
export interface RequestState {
  readonly id: string;
  readonly startedAt: number;
  /** What the transport knows of it, whoever sends it; the address in canonical form is whose it counts as (attack case 24). */
  facts: RequestFacts;
  /** What was said of the limits so far (ACC-10). */
  limits: NotedLimits | null;
  contract: RouteContract | null;
  actor: Actor | null;
  /** The parsed request, after the contract's schemas. */
  input: unknown;
  expectedVersion: number | null;
}

export type QvRequest = FastifyRequest & { qv: RequestState };
export type QvReply = FastifyReply;
