import type { RouteContract } from '@quantumvault/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, RequestFacts } from '../../kernel/actor.ts';

/** What our hooks add to a request, in one place. */
export interface RequestState {
  readonly id: string;
  readonly startedAt: number;
  /** What the transport knows of it, whoever sends it. */
  facts: RequestFacts;
  contract: RouteContract | null;
  actor: Actor | null;
  /** Authenticates the same credential again, for what lasts: a revoked one throws, changed rights count (attack case 4). */
  renewActor: (() => Promise<Actor>) | null;
  /** The parsed request, after the contract's schemas. */
  input: unknown;
  expectedVersion: number | null;
}

export type QvRequest = FastifyRequest & { qv: RequestState };
export type QvReply = FastifyReply;
