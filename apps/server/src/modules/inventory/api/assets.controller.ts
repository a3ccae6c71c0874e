import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { TlsScanResult } from '@quantumvault/inventory';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { ArchiveAsset } from '../usecases/archive-asset.ts';
import { ClassifyAsset } from '../usecases/classify-asset.ts';
import { CreateAsset } from '../usecases/create-asset.ts';
import { DiscoverTls } from '../usecases/discover-tls.ts';
import { GetAsset } from '../usecases/get-asset.ts';
import { ImportCertificates } from '../usecases/import-certificates.ts';
import { ImportTls } from '../usecases/import-tls.ts';
import { ListAssets } from '../usecases/list-assets.ts';
import { MergeAsset } from '../usecases/merge-asset.ts';
import { WithdrawAsset } from '../usecases/withdraw-asset.ts';

@Controller()
export class AssetsController {
  readonly #createAsset: CreateAsset;
  readonly #listAssets: ListAssets;
  readonly #getAsset: GetAsset;
  readonly #classifyAsset: ClassifyAsset;
  readonly #archiveAsset: ArchiveAsset;
  constructor(
    @Inject(CreateAsset) createAsset: CreateAsset,
    @Inject(ListAssets) listAssets: ListAssets,
    @Inject(GetAsset) getAsset: GetAsset,
    @Inject(ClassifyAsset) classifyAsset: ClassifyAsset,
    @Inject(ArchiveAsset) archiveAsset: ArchiveAsset,
  ) {
    this.#createAsset = createAsset;
    this.#listAssets = listAssets;
    this.#getAsset = getAsset;
    this.#classifyAsset = classifyAsset;
    this.#archiveAsset = archiveAsset;
  }

  @Endpoint(routes.createAsset)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createAsset>) {
    return this.#createAsset.execute(actor, input.body);
  }

  @Endpoint(routes.listAssets)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listAssets>) {
    return this.#listAssets.execute(actor, input.query);
  }

  @Endpoint(routes.getAsset)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getAsset>) {
    return this.#getAsset.execute(actor, input.params.id);
  }

  @Endpoint(routes.classifyAsset)
  classify(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.classifyAsset>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#classifyAsset.execute(actor, { id: input.params.id, expectedVersion, change: input.body });
  }

  @Endpoint(routes.archiveAsset)
  archive(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.archiveAsset>) {
    return this.#archiveAsset.execute(actor, input.params.id);
  }
}

/** Entries that were wrong. */
@Controller()
export class AssetEndsController {
  readonly #mergeAsset: MergeAsset;
  readonly #withdrawAsset: WithdrawAsset;
  constructor(@Inject(MergeAsset) mergeAsset: MergeAsset, @Inject(WithdrawAsset) withdrawAsset: WithdrawAsset) {
    this.#mergeAsset = mergeAsset;
    this.#withdrawAsset = withdrawAsset;
  }

  @Endpoint(routes.mergeAsset)
  merge(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.mergeAsset>) {
    return this.#mergeAsset.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.withdrawAsset)
  withdraw(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.withdrawAsset>) {
    return this.#withdrawAsset.execute(actor, { id: input.params.id, ...input.body });
  }
}

/** Assets that scans find. */
@Controller()
export class DiscoveryController {
  readonly #discoverTls: DiscoverTls;
  readonly #importTls: ImportTls;
  readonly #importCertificates: ImportCertificates;
  constructor(
    @Inject(DiscoverTls) discoverTls: DiscoverTls,
    @Inject(ImportTls) importTls: ImportTls,
    @Inject(ImportCertificates) importCertificates: ImportCertificates,
  ) {
    this.#discoverTls = discoverTls;
    this.#importTls = importTls;
    this.#importCertificates = importCertificates;
  }

  @Endpoint(routes.importCertificates)
  certificates(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.importCertificates>) {
    return this.#importCertificates.execute(actor, input.body);
  }

  @Endpoint(routes.discoverTls)
  discover(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.discoverTls>) {
    return this.#discoverTls.execute(actor, input.body);
  }

  @Endpoint(routes.importTls)
  import(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.importTls>) {
    return this.#importTls.execute(actor, { ...input.body, results: input.body.results as TlsScanResult[] });
  }
}
