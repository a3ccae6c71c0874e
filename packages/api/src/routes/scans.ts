import { may, route } from '../contract.ts';
import * as history from '../schemas/asset-history.ts';
import * as assets from '../schemas/assets.ts';
import * as jobs from '../schemas/jobs.ts';
import { idParams, pageOf } from '../schemas/primitives.ts';
import * as scans from '../schemas/scans.ts';

/** Routes of scans and of what they found; a part of `routes`. */
export const scanRoutes = {
  listScans: route({
    id: 'listScans',
    method: 'GET',
    path: '/api/scans',
    ...may('asset.read'),
    tag: 'scans',
    summary: 'Scans that have begun, newest first',
    query: scans.listScansQuery,
    success: { status: 200, description: 'A page', schema: pageOf(scans.scanSummarySchema) },
  }),
  previewTlsScan: route({
    id: 'previewTlsScan',
    method: 'POST',
    path: '/api/scans/preview',
    ...may('asset.scan'),
    tag: 'scans',
    summary: 'What a scan of TLS endpoints would ask, of whom, and what this server may not scan; nothing is asked yet',
    body: scans.previewTlsScanBody,
    success: { status: 200, description: 'The preview', schema: scans.tlsScanPreviewSchema },
  }),
  getScan: route({
    id: 'getScan',
    method: 'GET',
    path: '/api/scans/{id}',
    ...may('asset.read'),
    tag: 'scans',
    summary: 'A scan, how far it is, and what is new, changed and gone',
    params: idParams,
    success: { status: 200, description: 'The scan', schema: scans.scanSchema },
  }),
  listScanTargets: route({
    id: 'listScanTargets',
    method: 'GET',
    path: '/api/scans/{id}/targets',
    ...may('asset.read'),
    tag: 'scans',
    summary: 'Targets of a scan with what became of them, in the order of the request',
    params: idParams,
    query: scans.listScanTargetsQuery,
    success: { status: 200, description: 'A page', schema: pageOf(scans.scanTargetSchema) },
  }),
  listAssetScans: route({
    id: 'listAssetScans',
    method: 'GET',
    path: '/api/assets/{id}/scans',
    ...may('asset.read'),
    tag: 'scans',
    summary: 'What scans of this server saw of an asset, time by time, newest first',
    params: idParams,
    query: history.assetHistoryQuery,
    success: { status: 200, description: 'A page', schema: pageOf(history.assetScanSchema) },
  }),
  resumeScan: route({
    id: 'resumeScan',
    method: 'POST',
    path: '/api/scans/{id}/resume',
    ...may('asset.scan'),
    tag: 'scans',
    summary:
      'Go on with a scan whose job was cancelled or failed, as a new job: what has an outcome is not asked again',
    params: idParams,
    success: { status: 202, description: 'Accepted', schema: jobs.jobSchema },
  }),
  listFindings: route({
    id: 'listFindings',
    method: 'GET',
    path: '/api/findings',
    ...may('asset.read'),
    tag: 'findings',
    summary: 'What scans found at assets, newest first',
    query: assets.listFindingsQuery,
    success: { status: 200, description: 'A page', schema: pageOf(assets.assetFindingSchema) },
  }),
  acceptFinding: route({
    id: 'acceptFinding',
    method: 'POST',
    path: '/api/findings/{id}/accept',
    ...may('finding.accept'),
    tag: 'findings',
    summary: 'Accept a finding with a reason and for a time; the risk of the asset stays what it is',
    params: idParams,
    body: assets.acceptFindingBody,
    success: { status: 200, description: 'Accepted', schema: assets.assetFindingSchema },
  }),
  unacceptFinding: route({
    id: 'unacceptFinding',
    method: 'DELETE',
    path: '/api/findings/{id}/acceptance',
    ...may('finding.accept'),
    tag: 'findings',
    summary: 'Take the acceptance of a finding back',
    params: idParams,
    success: { status: 200, description: 'Open again', schema: assets.assetFindingSchema },
  }),
} as const;
