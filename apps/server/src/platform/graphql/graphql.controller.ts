import { Readable } from 'node:stream';
import { Controller, HttpCode, Inject, Post, Req, Res, StreamableFile } from '@nestjs/common';
import type { Actor } from '../../kernel/actor.ts';
import type { AppError } from '../../kernel/app-error.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { problemOf, publicError } from '../http/problem.ts';
import type { QvReply, QvRequest } from '../http/request.ts';
import type { Logger } from '../logging/logger.ts';
import { LOGGER, UNIT_OF_WORK } from '../tokens.ts';
import { GraphqlRoutes } from './graphql-routes.ts';
import { answerError, type GraphqlAnswer } from './operation/answer.ts';
import { graphqlErrors } from './operation/errors.ts';
import { type Excess, ExcessError } from './operation/operation-size.ts';
import { type ReadOperation, readOperation } from './operation/read-operation.ts';
import { runOperation } from './operation/run-operation.ts';
import { eventStream } from './streams/event-stream.ts';
import { runSubscription } from './streams/run-subscription.ts';

/**
 * IFC-2: POST /graphql. The actor was built by the same hook as for every route, before a byte of the body was read; a GET
 * does not exist here, so that a link or an image of a foreign page can ask for nothing.
 */
@Controller()
export class GraphqlController {
  readonly #routes: GraphqlRoutes;
  readonly #uow: UnitOfWork;
  readonly #logger: Logger;

  constructor(
    @Inject(GraphqlRoutes) routes: GraphqlRoutes,
    @Inject(UNIT_OF_WORK) uow: UnitOfWork,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#routes = routes;
    this.#uow = uow;
    this.#logger = logger;
  }

  @Post('/graphql')
  @HttpCode(200)
  async operate(
    @Req() request: QvRequest,
    @Res({ passthrough: true }) reply: QvReply,
  ): Promise<GraphqlAnswer | StreamableFile> {
    const { actor } = request.qv;
    if (actor === null) throw kernelErrors.INTERNAL({ detail: 'GraphQL was asked without an actor' });
    if (request.headers['idempotency-key'] !== undefined || request.headers['if-match'] !== undefined)
      throw kernelErrors.REQUEST_INVALID({ detail: 'Here the headers Idempotency-Key and If-Match are arguments.' });
    try {
      const { api, isIntrospectionOn } = this.#routes;
      const read = readOperation(request.body, api, { isIntrospectionOn });
      if (read.operation.operation === 'subscription') return this.#stream(read, actor, request, reply);
      return await runOperation(read, {
        api,
        actor,
        ask: this.#routes.asker(request),
        countField: request.qv.countField,
        logger: this.#logger,
      });
    } catch (thrown) {
      return this.#refusal(thrown, actor, request, reply);
    }
  }

  /** Server-sent events, as the protocol graphql-sse has them: authenticated and counted before the first byte. */
  #stream(read: ReadOperation, actor: Actor, request: QvRequest, reply: QvReply): StreamableFile {
    const { renewActor, id: requestId } = request.qv;
    const accepts = request.headers.accept?.includes('text/event-stream') === true;
    if (!accepts || renewActor === null) throw graphqlErrors.GRAPHQL_STREAM_NEEDED();
    const slot = this.#routes.slots.take(actor);
    const { api } = this.#routes;
    const ask = this.#routes.asker(request);
    const answers = runSubscription(read, {
      api,
      ask,
      requestId,
      renewActor,
      logger: this.#logger,
      signal: slot.signal,
    });
    reply.header('x-accel-buffering', 'no');
    // The readable side pulls, so a reader that is slow holds back the watching and not a growing buffer.
    const stream = Readable.from(eventStream(answers, requestId), { objectMode: false, highWaterMark: 16_384 });
    // Also when the reader is gone: it ends the watching, and with it everything that waits for it.
    reply.raw.once('close', () => slot.release());
    return new StreamableFile(stream, { type: 'text/event-stream' });
  }

  /** A refusal before anything ran, in the form that GraphQL clients read and with the status that others look at. */
  async #refusal(thrown: unknown, actor: Actor, request: QvRequest, reply: QvReply): Promise<GraphqlAnswer> {
    if (thrown instanceof ExcessError) await this.#recordExcess(actor, thrown.excess);
    const error: AppError =
      thrown instanceof ExcessError
        ? graphqlErrors.GRAPHQL_LIMIT({ detail: `The operation is too large: ${thrown.message}.` })
        : publicError(thrown);
    // What nobody expected is logged and answered by the filter that all routes share.
    if (error.kind === 'internal') throw error;
    reply.status(problemOf(error, request.qv.id).status);
    return { errors: [answerError(error, request.qv.id)] };
  }

  /** Attack case 19: an operation beyond the limits is an attempt to be known of; durable before the answer (AUD-1). */
  async #recordExcess(actor: Actor, limit: Excess): Promise<void> {
    await this.#uow.write({ ...actor, request: { ...actor.request, idempotency: null } }, (tx) =>
      tx.audit({
        action: 'access.refused',
        resource: { type: 'organization', id: actor.tenantId },
        outcome: 'refused',
        reason: { code: 'GRAPHQL_LIMIT' },
        details: { limit },
      }),
    );
  }
}
