import { ApiProblemError, createClient, type Permission, type QuantumVaultClient, type Role } from '@quantumvault/api';
import { type Scannables, startScannables } from './servers.ts';

/*
 * Two organizations: one in which everything is that a page can show, with names as long and as odd as people's are, and one
 * that has just begun. All of it comes through the public API, and the scans are real.
 */

export interface SignedIn {
  readonly email: string;
  readonly password: string;
}

/** What pages of one thing are opened with. */
export type ThingName =
  | 'worstAsset'
  | 'protectedAsset'
  | 'declaredAsset'
  | 'withdrawnAsset'
  | 'doneScan'
  | 'runningScan'
  | 'doneJob'
  | 'cancelledJob'
  | 'failedScan'
  | 'runningJob'
  | 'policy'
  | 'asked'
  | 'toDecide'
  | 'event'
  | 'person'
  | 'invited'
  | 'suspended'
  | 'gone'
  | 'serviceAccount';

export interface FullOrganization {
  readonly admin: SignedIn;
  readonly auditor: SignedIn;
  readonly user: SignedIn;
  /** Administers an organization in which nothing is yet. */
  readonly beginner: SignedIn;
  readonly joinToken: string;
  readonly ids: Readonly<Record<ThingName, string>>;
  close(): Promise<void>;
}

export interface Installed {
  readonly url: string;
  readonly client: QuantumVaultClient;
  readonly signIn: SignedIn;
}

const password = 'correct horse battery staple';
const waitMs = 60_000;

async function until<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + waitMs; performance.now() < end; ) {
    const found = await read();
    if (found !== undefined) return found;
    await new Promise((settle) => setTimeout(settle, 100));
  }
  throw new Error(`this did not happen in time: ${what}`);
}

async function join(client: QuantumVaultClient, email: string, displayName: string, roles: readonly Role[]) {
  const invited = await client.inviteUser({ body: { email, roles: [...roles] } });
  await client.join({ body: { token: invited.token, password, displayName } });
  return { id: invited.user.id, signIn: { email, password } };
}

/** What somebody else asks for, a first one decides. */
async function clientOf(url: string, who: SignedIn): Promise<QuantumVaultClient> {
  const answer = await createClient({ url, http: fetch }).signIn({ body: who });
  if (answer.status !== 'signed-in' || answer.accessToken === null) throw new Error(`${who.email} is not signed in`);
  return createClient({ url, accessToken: answer.accessToken, http: fetch });
}

async function finished(client: QuantumVaultClient, id: string) {
  return until(`the job ${id} ends`, async () => {
    const job = await client.getJob({ params: { id } });
    return ['succeeded', 'failed', 'cancelled'].includes(job.status) ? job : undefined;
  });
}

async function places(client: QuantumVaultClient) {
  const staging = await client.createEnvironment({ body: { name: 'Staging', type: 'staging' } });
  await client.createEnvironment({ body: { name: 'Developers’ laptops and test benches', type: 'development' } });
  const [production = staging] = (await client.listEnvironments({})).items;
  for (const [project, services] of [
    ['Web shop', ['Checkout', 'Catalogue and search', 'Returns']],
    ['Payroll', ['Monthly run']],
  ] as const) {
    const { id } = await client.createProject({ body: { environmentId: production.id, name: project } });
    for (const name of services) await client.createService({ body: { projectId: id, name } });
  }
  return { production: production.id, staging: staging.id };
}

async function assets(client: QuantumVaultClient, stagingId: string) {
  const add = (body: Parameters<QuantumVaultClient['createAsset']>[0]['body']) => client.createAsset({ body });
  const declared = await add({
    name: 'Customer orders',
    type: 'data-store',
    endpoint: 'postgres://orders.db.example.org:5432/orders',
    owner: 'Web shop',
    sensitivity: 'restricted',
    dataLifetimeYears: 15,
    tags: ['pci', 'eu-west'],
  });
  await add({
    name: 'The archive of signed contracts since 1998, as it was moved from the old document server of the legal department',
    type: 'data-store',
    endpoint: 'https://documents.internal.example.org/archive/contracts/signed?collection=everything-since-1998',
    owner: 'Legal',
    sensitivity: 'top-secret',
    exposure: 'partner',
    dataLifetimeYears: 50,
    tags: ['contracts', 'legal', 'a-tag-that-somebody-made-rather-long-so-that-it-could-not-be-mistaken'],
  });
  const kinds = [
    ['Release signing key', 'key-material', 'pkcs11:token=release', 'confidential', 'internal'],
    ['Orders API', 'api-endpoint', 'https://api.example.org/orders', 'confidential', 'internet'],
    ['Build host', 'ssh-endpoint', 'ssh://build.example.org:22', 'internal', 'partner'],
    ['Single sign-on', 'token-issuer', 'https://id.example.org', 'restricted', 'internet'],
    ['openssl 1.1.1', 'library', 'pkg:deb/debian/openssl@1.1.1', 'public', 'internal'],
    ['Invoices', 'source-usage', 'git:billing/invoice.ts', 'internal', 'internal'],
  ] as const;
  for (const [name, type, endpoint, sensitivity, exposure] of kinds)
    await add({ name, type, endpoint, sensitivity, exposure });
  for (let count = 1; count <= 12; count += 1) {
    const name = `Replica ${count}`;
    const body = { name, type: 'data-store', endpoint: `postgres://replica-${count}.example.org` } as const;
    await add({ ...body, environmentId: stagingId, sensitivity: count % 3 === 0 ? 'public' : 'internal' });
  }
  const wrong = await add({ name: 'Twice entered', type: 'data-store', endpoint: 'postgres://orders.db:5432' });
  await client.withdrawAsset({ params: { id: wrong.id }, body: { reason: 'Entered twice, by hand' } });
  return { declaredAsset: declared.id, withdrawnAsset: wrong.id };
}

async function scansAndJobs(client: QuantumVaultClient, { answering, silent }: Scannables, ordersId: string) {
  const classification = { sensitivity: 'restricted', exposure: 'internet', dataLifetimeYears: 15 } as const;
  const targets = answering.map(({ target }) => target);
  const scan = await client.discoverTls({ body: { targets, name: 'The whole shop', ...classification } });
  await finished(client, scan.id);
  const found = (await client.listAssets({ query: { type: 'tls-endpoint', sort: 'risk' } })).items;
  const { items: policies } = await client.listPolicies({});
  const hybrid = policies.find(({ name }) => name === 'hybrid-default');
  if (hybrid === undefined) throw new Error('there is no policy hybrid-default');
  const protect = async (id: string) => {
    const { job } = await client.applyPolicy({ params: { id }, body: { policyId: hybrid.id } });
    if (job === null) throw new Error('it was only simulated');
    return finished(client, job.id);
  };
  const weakest = found.find(({ endpoint }) => endpoint === targets[0]);
  const usual = found.find(({ endpoint }) => endpoint === targets[1]);
  if (weakest === undefined || usual === undefined) throw new Error('the scan did not find its servers');
  const done = await protect(usual.id);
  await protect(ordersId);
  const again = await client.discoverTls({ body: { targets, name: 'The whole shop', ...classification } });
  await finished(client, again.id);
  const unreachable = await client.discoverTls({ body: { targets: ['127.0.0.1:1'], profile: 'quick' } });
  await finished(client, unreachable.id);
  const long = await client.discoverTls({
    body: { targets: [...targets, ...silent], name: 'Nightly' },
  });
  const stopped = await client.discoverTls({ body: { targets: [...silent], name: 'Broken off' } });
  await client.cancelJob({ params: { id: stopped.id } });
  await finished(client, stopped.id);
  const [finding] = (await client.listFindings({ query: { assetId: weakest.id } })).items;
  if (finding !== undefined) {
    const body = { reason: 'The old tills cannot do better before they are replaced in spring', days: 90 };
    await client.acceptFinding({ params: { id: finding.id }, body });
  }
  for (const [name, cron] of [
    ['Everything, every night', '0 3 * * *'],
    ['The shop, on Mondays', '30 6 * * 1'],
  ] as const)
    await client.createSchedule({ body: { name, cron, work: { kind: 'scan-tls', targets, ...classification } } });
  return {
    worstAsset: weakest.id,
    protectedAsset: usual.id,
    doneScan: again.id,
    runningScan: long.id,
    runningJob: long.id,
    doneJob: done.id,
    cancelledJob: stopped.id,
    failedScan: unreachable.id,
  };
}

async function people(client: QuantumVaultClient, url: string) {
  const second = await join(client, 'maria.anders@example.org', 'Maria Anders', ['organization-admin']);
  const auditor = await join(client, 'auditor@example.org', 'Jonas Weber', ['auditor']);
  const user = await join(client, 'user@example.org', 'Priya Raman', ['organization-user']);
  const long = await join(
    client,
    'maximiliane-charlotte.von-und-zu-hohenlohe-waldenburg@mail.research.example.org',
    'Dr. Maximiliane Charlotte von und zu Hohenlohe-Waldenburg-Schillingsfürst',
    ['operator', 'custodian', 'auditor', 'organization-user'],
  );
  const suspended = await join(client, 'suspended@example.org', 'Ada Moreau', ['operator']);
  await client.suspendUser({ params: { id: suspended.id }, body: { reason: 'Laptop lost on the train' } });
  const gone = await join(client, 'left@example.org', 'Tom Leaver', ['operator']);
  await client.offboardUser({ params: { id: gone.id }, body: { reason: 'Left the company' } });
  const invited = await client.inviteUser({ body: { email: 'invited@example.org', roles: ['auditor'] } });
  const open = await client.inviteUser({ body: { email: 'joining@example.org', roles: ['organization-user'] } });
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const two = { subjectId: user.id, role: 'auditor', expiresAt: at(2) };
  await client.createGrant({ body: { ...two, rules: { addresses: ['10.0.0.0/8', '192.0.2.0/24'] } } });
  await client.createGrant({ body: { subjectId: user.id, role: 'custodian', effect: 'deny' } });
  const role = await client.createRole({
    body: {
      name: 'release-manager',
      description: 'Signs releases, and sees what they are signed with',
      permissions: ['asset.read', 'job.read', 'token.sign', 'policy.read'],
    },
  });
  const userClient = await clientOf(url, user.signIn);
  await userClient.requestAccess({ body: { role: 'operator', reason: 'The certificate of the shop ends on Friday' } });
  await userClient.requestAccess({
    body: { role: 'auditor', durationSeconds: 86_400, reason: 'The yearly review <b>of everything</b>' },
  });
  const secondClient = await clientOf(url, second.signIn);
  await secondClient.breakGlass({ body: { role: 'custodian', reason: 'The vault is locked and the shop is down' } });
  return { auditor, user, long, suspended, gone, invited, open, role, secondClient };
}

async function machines(client: QuantumVaultClient, ownerId: string) {
  const account = await client.createServiceAccount({
    body: {
      name: 'Nightly scans',
      description: 'Scans everything at night and reports to the on-call channel',
      ownerId,
    },
  });
  await client.createServiceAccount({ body: { name: 'Deployment pipeline of the web shop and all of its services' } });
  await client.createGrant({ body: { subjectId: account.id, role: 'operator' } });
  for (const [name, expiresInDays] of [
    ['Runner', 3],
    ['Reports', 20],
    ['Dashboard', 300],
  ] as const) {
    const permissions = ['asset.read', 'job.read', 'asset.scan'] as const;
    await client.createApiKey({
      body: { serviceAccountId: account.id, name, expiresInDays, permissions: [...permissions], allowedNetworks: [] },
    });
  }
  await client.createOwnApiKey({
    body: { name: 'Laptop', expiresInDays: 6, allowedNetworks: ['192.0.2.0/24', '2001:db8::/32'] },
  });
  await client.createDeviceEnrollment({ body: { name: 'Sensor in rack 12' } });
  return account.id;
}

async function approvals(client: QuantumVaultClient, secondClient: QuantumVaultClient, roleId: string) {
  await client.setApprovalPolicy({ body: { operation: 'role.update', quorum: 1 } });
  const ask = async (who: QuantumVaultClient, permissions: readonly Permission[]) => {
    const params = { id: roleId };
    const { version } = await who.getRole({ params });
    const body = { permissions: [...permissions] };
    try {
      await who.updateRole({ params, body }, { ifMatch: `"${version}"` });
    } catch (error) {
      if (error instanceof ApiProblemError && error.problem.code === 'APPROVALS_REQUIRED') return;
      throw error;
    }
    throw new Error('a change of the role is not under approval');
  };
  await ask(secondClient, ['asset.read', 'job.read', 'token.sign']);
  await ask(client, ['asset.read', 'job.read', 'audit.read']);
  const { actorId } = await client.whoAmI({});
  return until('two requests wait', async () => {
    const { items } = await client.listApprovals({});
    const mine = items.find(({ requester }) => requester.id === actorId);
    const other = items.find(({ requester }) => requester.id !== actorId);
    return mine === undefined || other === undefined ? undefined : { asked: mine.id, toDecide: other.id };
  });
}

/** Fills the installation of `installed`, which may scan 127.0.0.1. */
export async function fillOrganization(installed: Installed): Promise<FullOrganization> {
  const scannables = await startScannables();
  try {
    return await fill(installed, scannables);
  } catch (error) {
    await scannables.close();
    throw error;
  }
}

async function fill({ url, client, signIn }: Installed, scannables: Scannables): Promise<FullOrganization> {
  const place = await places(client);
  const known = await assets(client, place.staging);
  const work = await scansAndJobs(client, scannables, known.declaredAsset);
  const others = await people(client, url);
  const serviceAccount = await machines(client, others.long.id);
  const requests = await approvals(client, others.secondClient, others.role.id ?? '');
  const policy = await client.createPolicy({
    body: {
      name: 'Internet-facing servers of the web shop, post-quantum by the end of 2027',
      spec: {
        mode: 'hybrid',
        kem: ['X25519MLKEM768'],
        signature: ['ML-DSA-65', 'Ed25519'],
        aead: ['AES-256-GCM'],
        rotationDays: 90,
        targetLevel: 3,
        assetTypes: ['tls-endpoint'],
        deadline: '2027-12-31',
      },
    },
  });
  const created = await client.createOrganization({
    body: { name: 'A new organization', administrator: { email: 'first@new.example.org' } },
  });
  const fresh = createClient({ url, apiKey: created.administrator.apiKey ?? '', http: fetch });
  const beginner = await join(fresh, 'beginner@new.example.org', 'Bea Ginner', ['organization-admin']);
  const [event] = (await client.listAudit({ query: { action: 'asset.protected' } })).items;
  const [anyEvent] = (await client.listAudit({})).items;
  return {
    admin: { email: signIn.email, password: signIn.password },
    auditor: others.auditor.signIn,
    user: others.user.signIn,
    beginner: beginner.signIn,
    joinToken: others.open.token,
    ids: {
      ...known,
      ...work,
      ...requests,
      policy: policy.id,
      event: (event ?? anyEvent)?.id ?? '',
      person: others.user.id,
      invited: others.invited.user.id,
      suspended: others.suspended.id,
      gone: others.gone.id,
      serviceAccount,
    },
    close: async () => {
      try {
        // A server that ends waits for its jobs: the long scan is not one to wait for.
        const params = { id: work.runningJob };
        if ((await client.getJob({ params })).status === 'running') await client.cancelJob({ params });
      } finally {
        await scannables.close();
      }
    },
  };
}
