import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '../logging/logger.ts';
import { problemOf, publicError } from './problem.ts';
import type { QvReply, QvRequest } from './request.ts';

/** Sends any failure as a problem document and logs those that nobody expected. */
export function sendProblem(thrown: unknown, request: QvRequest, reply: QvReply, logger: Logger): void {
  const error = publicError(thrown);
  const requestId = request.qv?.id ?? '';
  if (error.kind === 'internal') logger.error({ requestId, code: error.code, err: error.cause }, 'request failed');
  else if (error.kind === 'unavailable')
    logger.warn(
      { requestId, code: error.code, reason: error.cause instanceof Error ? error.cause.message : undefined },
      'request not served',
    );
  if (reply.sent) return;
  if (error.kind === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="quantumvault"');
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  const problem = problemOf(error, requestId);
  reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;
  constructor(logger: Logger) {
    this.#logger = logger;
  }
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(thrown, http.getRequest<QvRequest>(), http.getResponse<QvReply>(), this.#logger);
  }
}
