import { type ExecutionResult, subscribe } from 'graphql';
import type { Actor } from '../../../kernel/actor.ts';
import type { Logger } from '../../logging/logger.ts';
import { answerErrors, type GraphqlAnswer } from '../operation/answer.ts';
import { graphqlErrors } from '../operation/errors.ts';
import type { ReadOperation } from '../operation/read-operation.ts';
import type { AskRoute } from '../operation/run-operation.ts';
import type { FieldContext, GraphqlInterface } from '../schema/build-schema.ts';
import { partsOf } from '../schema/route-arguments.ts';
import { watchRoute } from './watch-route.ts';

export interface SubscriptionOptions {
  readonly api: GraphqlInterface;
  readonly requestId: string;
  readonly renewActor: () => Promise<Actor>;
  readonly ask: AskRoute;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * The answers of a subscription, one after another. The first failure is the last answer: a right that ended, a credential
 * that was revoked, a resource that is gone.
 */
export async function* runSubscription(
  read: ReadOperation,
  options: SubscriptionOptions,
): AsyncGenerator<GraphqlAnswer, void, void> {
  const { api, requestId, logger } = options;
  const context: FieldContext = {
    resolve: () => Promise.reject(graphqlErrors.GRAPHQL_STREAM_NEEDED()),
    watch: (contract, args) => watchRoute({ ...options, contract, parts: partsOf(contract, args) }),
  };
  const answerOf = ({ data, errors }: ExecutionResult): GraphqlAnswer => ({
    ...(errors === undefined ? {} : { errors: answerErrors(errors, { requestId, logger }) }),
    data: data ?? null,
  });
  try {
    const results = await subscribe({
      schema: api.schema,
      document: read.document,
      contextValue: context,
      variableValues: read.variables,
      operationName: read.operation.name?.value,
    });
    if (!(Symbol.asyncIterator in results)) {
      yield answerOf(results);
      return;
    }
    for await (const result of results) {
      const answer = answerOf(result);
      yield answer;
      if (answer.errors !== undefined) return;
    }
  } catch (thrown) {
    yield { errors: answerErrors([thrown], { requestId, logger }) };
  }
}
