import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { openApiDocument, routes } from '@quantumvault/api';
import type { Actor } from '../../kernel/actor.ts';
import { CurrentActor, Endpoint } from '../../platform/http/endpoint.ts';
import type { QvReply } from '../../platform/http/request.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import { METRICS } from '../../platform/tokens.ts';
import { apiPage } from './api-page.ts';
import { GetStatus } from './get-status.ts';
import { assessHealth, type Health, type HealthCheck } from './health.ts';
import { HEALTH_CHECKS, SERVER_FACTS } from './operations.tokens.ts';
import type { ServerFacts } from './server-facts.ts';

/** Health, status, metrics and the interface's own description. */
@Controller()
export class OperationsController {
  readonly #getStatus: GetStatus;
  readonly #checks: readonly HealthCheck[];
  readonly #metrics: Metrics;
  readonly #facts: ServerFacts;

  constructor(
    @Inject(GetStatus) getStatus: GetStatus,
    @Inject(HEALTH_CHECKS) checks: readonly HealthCheck[],
    @Inject(METRICS) metrics: Metrics,
    @Inject(SERVER_FACTS) facts: ServerFacts,
  ) {
    this.#getStatus = getStatus;
    this.#checks = checks;
    this.#metrics = metrics;
    this.#facts = facts;
  }

  @Endpoint(routes.healthLive)
  live(): Health {
    return { status: 'ok', parts: {} };
  }

  @Endpoint(routes.healthReady)
  async ready(@Res({ passthrough: true }) reply: QvReply): Promise<Health> {
    const health = await assessHealth(this.#checks);
    reply.status(health.status === 'unavailable' ? 503 : 200);
    return health;
  }

  @Endpoint(routes.getStatus)
  status(@CurrentActor() actor: Actor) {
    return this.#getStatus.execute(actor);
  }

  @Get('/api/openapi.json')
  openApi() {
    return openApiDocument({ version: this.#facts.version });
  }

  @Get('/api/docs')
  docs(@Res() reply: QvReply): void {
    const { html, contentSecurityPolicy } = apiPage(openApiDocument({ version: this.#facts.version }));
    reply.header('content-security-policy', contentSecurityPolicy).type('text/html; charset=utf-8').send(html);
  }

  @Get('/metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.#metrics.registry.metrics();
  }
}
