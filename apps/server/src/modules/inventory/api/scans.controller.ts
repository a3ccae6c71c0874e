import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { GetScan } from '../usecases/get-scan.ts';
import { ListAssetScans } from '../usecases/list-asset-scans.ts';
import { ListScanTargets } from '../usecases/list-scan-targets.ts';
import { ResumeScan } from '../usecases/resume-scan.ts';
import { ListScans } from '../usecases/scans/list-scans.ts';
import { PreviewTlsScan } from '../usecases/scans/preview-tls-scan.ts';

@Controller()
export class ScansController {
  readonly #getScan: GetScan;
  readonly #listScanTargets: ListScanTargets;
  readonly #resumeScan: ResumeScan;
  readonly #listScans: ListScans;
  readonly #previewTlsScan: PreviewTlsScan;
  readonly #listAssetScans: ListAssetScans;
  constructor(
    @Inject(GetScan) getScan: GetScan,
    @Inject(ListScanTargets) listScanTargets: ListScanTargets,
    @Inject(ResumeScan) resumeScan: ResumeScan,
    @Inject(ListScans) listScans: ListScans,
    @Inject(PreviewTlsScan) previewTlsScan: PreviewTlsScan,
    @Inject(ListAssetScans) listAssetScans: ListAssetScans,
  ) {
    this.#getScan = getScan;
    this.#listScanTargets = listScanTargets;
    this.#resumeScan = resumeScan;
    this.#listScans = listScans;
    this.#previewTlsScan = previewTlsScan;
    this.#listAssetScans = listAssetScans;
  }

  @Endpoint(routes.listScans)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listScans>) {
    return this.#listScans.execute(actor, input.query);
  }

  @Endpoint(routes.previewTlsScan)
  preview(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.previewTlsScan>) {
    return this.#previewTlsScan.execute(actor, input.body);
  }

  @Endpoint(routes.getScan)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getScan>) {
    return this.#getScan.execute(actor, input.params.id);
  }

  @Endpoint(routes.listScanTargets)
  targets(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listScanTargets>) {
    return this.#listScanTargets.execute(actor, { id: input.params.id, ...input.query });
  }

  @Endpoint(routes.listAssetScans)
  ofAsset(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listAssetScans>) {
    return this.#listAssetScans.execute(actor, { assetId: input.params.id, ...input.query });
  }

  @Endpoint(routes.resumeScan)
  resume(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.resumeScan>) {
    return this.#resumeScan.execute(actor, input.params.id);
  }
}
