import type { RouteContract } from '@quantumvault/api';
import { type ExecutionResult, execute } from 'graphql';
import type { Actor } from '../../../kernel/actor.ts';
import type { Logger } from '../../logging/logger.ts';
import type { FieldContext, GraphqlInterface } from '../schema/build-schema.ts';
import { partsOf, type RequestParts } from '../schema/route-arguments.ts';
import { answerErrors, type GraphqlAnswer } from './answer.ts';
import { graphqlErrors } from './errors.ts';
import { Gate } from './gate.ts';
import { graphqlLimits } from './limits.ts';
import type { ReadOperation } from './read-operation.ts';

/** Asks a route for the actor, as REST would: the contract's parsing, the controller, the answer's schema. */
export type AskRoute = (contract: RouteContract, actor: Actor, parts: RequestParts) => Promise<unknown>;

export interface RunOptions {
  readonly api: GraphqlInterface;
  readonly actor: Actor;
  readonly ask: AskRoute;
  /** Counts a use case against the limits of its identity (ACC-10); the request itself was counted as one. */
  readonly countField: (rateClass: 'default' | 'sign-in' | 'costly') => void;
  readonly logger: Logger;
  readonly timeoutMs?: number;
}

/** The fields of one operation: so many at a time, and none begins after the operation is over. */
class OperationContext implements FieldContext {
  readonly #gate = new Gate(graphqlLimits.parallel);
  readonly #options: RunOptions;
  #isOver = false;
  #fields = 0;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  end(): void {
    this.#isOver = true;
  }

  resolve(contract: RouteContract, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#gate.run(async () => {
      if (this.#isOver) throw graphqlErrors.GRAPHQL_TIMEOUT();
      this.#fields += 1;
      const rateClass = contract.rateClass ?? 'default';
      if (this.#fields > 1 || rateClass !== 'default') this.#options.countField(rateClass);
      const value = await this.#options.ask(contract, this.#options.actor, partsOf(contract, args));
      return contract.success.schema === undefined ? true : value;
    });
  }

  watch(): never {
    throw graphqlErrors.GRAPHQL_STREAM_NEEDED();
  }
}

/**
 * Runs what `readOperation` has let through. Failures of fields are in the answer, beside what did succeed. Throws
 * `GRAPHQL_TIMEOUT` when it takes too long.
 */
export async function runOperation(read: ReadOperation, options: RunOptions): Promise<GraphqlAnswer> {
  const context = new OperationContext(options);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(graphqlErrors.GRAPHQL_TIMEOUT()), options.timeoutMs ?? graphqlLimits.timeoutMs);
  });
  try {
    const running = execute({
      schema: options.api.schema,
      document: read.document,
      contextValue: context,
      variableValues: read.variables,
      operationName: read.operation.name?.value,
    });
    const { data, errors }: ExecutionResult = await Promise.race([running, timeout]);
    const { logger, actor } = options;
    const shown = answerErrors(errors ?? [], { requestId: actor.request.id, logger });
    return { ...(shown.length === 0 ? {} : { errors: shown }), data: data ?? null };
  } finally {
    clearTimeout(timer);
    context.end();
  }
}
