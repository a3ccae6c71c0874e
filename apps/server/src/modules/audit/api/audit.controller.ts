import { Readable } from 'node:stream';
import { Controller, Inject, StreamableFile } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { ExportAudit } from '../usecases/export-audit.ts';
import { GetAuditEvent } from '../usecases/get-audit-event.ts';
import { GetLogKeys } from '../usecases/get-log-keys.ts';
import { ListAudit } from '../usecases/list-audit.ts';
import { ProveAuditEvent } from '../usecases/prove-audit-event.ts';
import { VerifyAuditChain } from '../usecases/verify-audit-chain.ts';

@Controller()
export class AuditController {
  readonly #list: ListAudit;
  readonly #get: GetAuditEvent;
  readonly #keys: GetLogKeys;
  readonly #verify: VerifyAuditChain;
  readonly #export: ExportAudit;
  readonly #prove: ProveAuditEvent;

  constructor(
    @Inject(ListAudit) list: ListAudit,
    @Inject(GetAuditEvent) get: GetAuditEvent,
    @Inject(GetLogKeys) keys: GetLogKeys,
    @Inject(VerifyAuditChain) verify: VerifyAuditChain,
    @Inject(ExportAudit) exporter: ExportAudit,
    @Inject(ProveAuditEvent) prove: ProveAuditEvent,
  ) {
    this.#list = list;
    this.#get = get;
    this.#keys = keys;
    this.#verify = verify;
    this.#export = exporter;
    this.#prove = prove;
  }

  @Endpoint(routes.listAudit)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listAudit>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.getAuditEvent)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getAuditEvent>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.getLogKeys)
  keys(@CurrentActor() actor: Actor) {
    return this.#keys.execute(actor);
  }

  @Endpoint(routes.verifyAuditChain)
  verify(@CurrentActor() actor: Actor) {
    return this.#verify.execute(actor);
  }

  /** Streams. An error after the first byte ends the connection: what arrived then lacks its tail, and verifies so. */
  @Endpoint(routes.exportAudit)
  async export(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.exportAudit>) {
    const { pieces } = await this.#export.execute(actor, input.query);
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), { type: 'application/jsonl' });
  }

  @Endpoint(routes.proveAuditEvent)
  prove(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.proveAuditEvent>) {
    return this.#prove.execute(actor, input.params.id);
  }
}
