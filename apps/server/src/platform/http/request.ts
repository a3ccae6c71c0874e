import type { RouteContract } from '@quantumvault/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../kernel/actor.ts';
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
  /** Whose request it counts as (attack case 24), in canonical form; null when the connection has no address. */
  address: string | null;
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
