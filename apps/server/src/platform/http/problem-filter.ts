import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '../logging/logger.ts';
import { problemOf, publicError } from './problem.ts';
import type { QvReply, QvRequest } from './request.ts';

export interface ProblemFilterOptions {
  readonly logger: Logger;
  /** Counts a refusal of nobody known, in memory. */
  readonly countRefusal: (sourceAddress: string | null) => void;
}

/** Sends any failure as a problem document and logs those that nobody expected. */
function sendProblem(
  thrown: unknown,
  { request, reply, logger, countRefusal }: ProblemFilterOptions & { request: QvRequest; reply: QvReply },
): void {
  const error = publicError(thrown);
  if (error.isCounted) countRefusal(request.qv?.facts.sourceAddress ?? null);
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
  readonly #options: ProblemFilterOptions;
  constructor(options: ProblemFilterOptions) {
    this.#options = options;
  }
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<QvRequest>(), http.getResponse<QvReply>()];
    sendProblem(thrown, { ...this.#options, request, reply });
  }
}
