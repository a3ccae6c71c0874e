import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { ApplyPolicy } from '../usecases/apply-policy.ts';
import { GetCertificate } from '../usecases/get-certificate.ts';
import { GetDataKey } from '../usecases/get-data-key.ts';
import { GetJwks } from '../usecases/get-jwks.ts';
import { GetTlsBundle } from '../usecases/get-tls-bundle.ts';
import { ImportIssuedCertificate } from '../usecases/import-issued-certificate.ts';
import { ListProtections } from '../usecases/list-protections.ts';
import { SignToken } from '../usecases/sign-token.ts';
import { UndoProtection } from '../usecases/undo-protection.ts';
import { UnwrapDataKey } from '../usecases/unwrap-data-key.ts';

@Controller()
export class ProtectionController {
  readonly #applyPolicy: ApplyPolicy;
  readonly #getDataKey: GetDataKey;
  readonly #unwrapDataKey: UnwrapDataKey;
  readonly #getTlsBundle: GetTlsBundle;
  readonly #getCertificate: GetCertificate;
  readonly #importIssued: ImportIssuedCertificate;
  readonly #undo: UndoProtection;
  readonly #getJwks: GetJwks;
  readonly #signToken: SignToken;
  readonly #listProtections: ListProtections;
  constructor(
    @Inject(ApplyPolicy) applyPolicy: ApplyPolicy,
    @Inject(GetDataKey) getDataKey: GetDataKey,
    @Inject(UnwrapDataKey) unwrapDataKey: UnwrapDataKey,
    @Inject(GetTlsBundle) getTlsBundle: GetTlsBundle,
    @Inject(GetCertificate) getCertificate: GetCertificate,
    @Inject(ImportIssuedCertificate) importIssued: ImportIssuedCertificate,
    @Inject(UndoProtection) undo: UndoProtection,
    @Inject(GetJwks) getJwks: GetJwks,
    @Inject(SignToken) signToken: SignToken,
    @Inject(ListProtections) listProtections: ListProtections,
  ) {
    this.#applyPolicy = applyPolicy;
    this.#getDataKey = getDataKey;
    this.#unwrapDataKey = unwrapDataKey;
    this.#getTlsBundle = getTlsBundle;
    this.#getCertificate = getCertificate;
    this.#importIssued = importIssued;
    this.#undo = undo;
    this.#getJwks = getJwks;
    this.#signToken = signToken;
    this.#listProtections = listProtections;
  }

  @Endpoint(routes.applyPolicy)
  apply(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.applyPolicy>) {
    return this.#applyPolicy.execute(actor, { assetId: input.params.id, ...input.body });
  }

  @Endpoint(routes.listProtections)
  protections(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listProtections>) {
    return this.#listProtections.execute(actor, { assetId: input.params.id, ...input.query });
  }

  @Endpoint(routes.getDataKey)
  dataKey(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getDataKey>) {
    return this.#getDataKey.execute(actor, input.params.id, input.query.artifactId);
  }

  @Endpoint(routes.unwrapDataKey)
  unwrap(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.unwrapDataKey>) {
    return this.#unwrapDataKey.execute(actor, input.params.id, input.query.artifactId);
  }

  @Endpoint(routes.getTlsBundle)
  tlsBundle(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getTlsBundle>) {
    return this.#getTlsBundle.execute(actor, input.params.id);
  }

  @Endpoint(routes.getCertificate)
  certificate(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getCertificate>) {
    return this.#getCertificate.execute(actor, input.params.id);
  }

  @Endpoint(routes.importIssuedCertificate)
  importIssued(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.importIssuedCertificate>) {
    return this.#importIssued.execute(actor, input.params.id, input.body.chainPem);
  }

  @Endpoint(routes.undoJob)
  undo(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.undoJob>) {
    return this.#undo.execute(actor, input.params.id);
  }

  @Endpoint(routes.getJwks)
  jwks(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getJwks>) {
    return this.#getJwks.execute(actor, input.params.id);
  }

  @Endpoint(routes.signToken)
  sign(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.signToken>) {
    return this.#signToken.execute(actor, input.params.id, input.body);
  }
}
