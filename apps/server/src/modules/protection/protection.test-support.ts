// A tenant with the built-in policies, a worker that protects and the use cases of this module, for its tests.
import { expect } from 'vitest';
import type { Actor } from '../../kernel/actor.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { PostgresAssetRepository } from '../inventory/adapters/postgres-asset-repository.ts';
import { CreateAsset } from '../inventory/usecases/create-asset.ts';
import { GetJob } from '../jobs/usecases/get-job.ts';
import { createWorld, eventually, newId, type World } from '../jobs/world.test-support.ts';
import { PostgresArtifactRepository } from './adapters/postgres-artifact-repository.ts';
import { PostgresPolicyRepository } from './adapters/postgres-policy-repository.ts';
import { makeCertificate } from './adapters/x509-certificates.ts';
import { ProtectAssetJob } from './protect-asset-job.ts';
import { createProtectCertificate } from './protect-certificate.ts';
import { createProtectDataStore } from './protect-data-store.ts';
import { createProtectTokenSigner } from './protect-token-signer.ts';
import { createSeedBuiltInPolicies } from './seed-built-in-policies.ts';
import { ApplyPolicy } from './usecases/apply-policy.ts';
import { ListPolicies } from './usecases/list-policies.ts';

export type AssetInput = Parameters<CreateAsset['execute']>[1];

export async function createProtectionWorld(clock: Clock = systemClock) {
  const world: World = await createWorld();
  const policies = new PostgresPolicyRepository();
  const artifacts = new PostgresArtifactRepository();
  const assets = new PostgresAssetRepository();
  const { tenantKeys } = world;
  const deps = { ...world, policies, artifacts, assets, clock, newId };
  const job = new ProtectAssetJob({
    assets,
    policies,
    protectDataStore: createProtectDataStore({ artifacts, tenantKeys, newId }),
    protectCertificate: createProtectCertificate({ artifacts, tenantKeys, newId }),
    protectTokenSigner: createProtectTokenSigner({ artifacts, tenantKeys, newId }),
    makeCertificate,
    clock,
  });
  const seed = createSeedBuiltInPolicies({ policies, newId });
  await world.uow.write(world.actor, (tx) => seed(tx, world.actor.id));

  let count = 0;
  const create = (change: Partial<AssetInput> = {}, actor: Actor = world.actor) => {
    count += 1;
    const type = change.type ?? 'data-store';
    return new CreateAsset(deps).execute(actor, {
      name: `Asset ${count}`,
      type,
      endpoint: type === 'tls-endpoint' ? `host-${count}.example.org:443` : `orders-${count}`,
      tags: [],
      sensitivity: 'confidential',
      exposure: 'internet',
      dataLifetimeYears: 10,
      ...change,
    });
  };
  const policy = async (name: string) => {
    const page = await new ListPolicies(deps).execute(world.actor, { limit: 100 });
    return page.items.find((item) => item.name === name) ?? expect.fail(name);
  };
  const apply = async (assetId: string, name: string, simulate = false) =>
    new ApplyPolicy(deps).execute(world.actor, {
      assetId,
      policyId: (await policy(name)).id,
      simulate,
      priority: 0,
    });
  /** Applies the policy and runs the job to its end. */
  const protect = async (assetId: string, name: string) => {
    const { job: accepted } = await apply(assetId, name);
    const worker = world.worker([job]);
    worker.start();
    const get = () => new GetJob(world).execute(world.actor, accepted?.id ?? '');
    await eventually(async () => (await get()).finishedAt !== null);
    await worker.stop({ timeoutMs: 5000 });
    return get();
  };
  return { ...deps, job, create, policy, apply, protect };
}
export type ProtectionWorld = Awaited<ReturnType<typeof createProtectionWorld>>;
