import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { FullOrganization, ThingName } from './full-organization.ts';

/** Who looks. Nobody: before the session. */
export type Who = 'nobody' | 'admin' | 'auditor' | 'user' | 'beginner';

/** A page of the console in one of its states. */
export interface Scene {
  readonly name: string;
  readonly who: Who;
  readonly path: string;
  /** What somebody does there before it is looked at. */
  readonly act?: (page: Page) => Promise<void>;
  /** Only in windows of this width: what is reached by a button that others do not have. */
  readonly width?: number;
}

const appFolder = new URL('../../../apps/console/app', import.meta.url).pathname;

/** Every address of the console, as the folder of its pages says: a new page is looked at without being named here. */
export function everyPath(folder = appFolder, path = ''): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return everyPath(join(folder, entry.name), `${path}/${entry.name}`);
    return entry.name === 'page.tsx' ? [path === '' ? '/' : path] : [];
  });
}

/** Addresses of one thing, and which one is shown; of the others of its kind there are scenes below. */
const things: Readonly<Record<string, ThingName>> = {
  '/scans/scan': 'doneScan',
  '/jobs/job': 'doneJob',
  '/inventory/asset': 'worstAsset',
  '/policies/policy': 'policy',
  '/approvals/request': 'asked',
  '/audit/event': 'event',
  '/people/person': 'person',
  '/machines/account': 'serviceAccount',
};
const outside = new Set(['/sign-in', '/join', '/reset-password']);

const press = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
    .first()
    .click();

async function fillScan(page: Page): Promise<void> {
  await page.getByLabel('Hosts and networks').fill('127.0.0.1:8443\n127.0.0.0/30\n10.1.2.3\nmetadata.google.internal');
  await press('Next')(page);
  await page.getByRole('heading', { name: 'How closely, and what is behind it?' }).waitFor();
}

async function reviewScan(page: Page): Promise<void> {
  await fillScan(page);
  await press('Next')(page);
  await page.getByRole('button', { name: 'Start the scan' }).waitFor();
}

async function search(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Help', exact: true }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to, do, find' }).fill('replica');
  await page
    .getByRole('option', { name: /Replica 1/ })
    .first()
    .waitFor();
}

async function mistype(page: Page): Promise<void> {
  await page.getByLabel('Email').fill('somebody@example.org');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await press('Sign in')(page);
  await page.getByRole('alert').filter({ hasText: 'did not work' }).waitFor();
}

/** States that an address alone does not lead to. */
function states({ ids, joinToken }: FullOrganization): readonly Scene[] {
  const as = (who: Who, name: string, path: string, act?: Scene['act']): Scene => ({
    name,
    who,
    path,
    ...(act === undefined ? {} : { act }),
  });
  const admin = (name: string, path: string, act?: Scene['act']) => as('admin', name, path, act);
  const nothing = '00000000-0000-7000-8000-000000000000';
  return [
    as('nobody', 'sign-in-refused', '/sign-in', mistype),
    as('nobody', 'join-by-link', `/join#token=${joinToken}`),
    as('nobody', 'reset-password-by-link', `/reset-password#token=${joinToken}`),
    admin('scan-running', `/scans/scan?id=${ids.runningScan}`),
    admin('job-running', `/jobs/job?id=${ids.runningJob}`),
    admin('job-cancelled', `/jobs/job?id=${ids.cancelledJob}`),
    admin('scan-without-answer', `/scans/scan?id=${ids.failedScan}`),
    admin('not-found', '/nowhere'),
    admin('asset-protected', `/inventory/asset?id=${ids.protectedAsset}`),
    admin('asset-declared', `/inventory/asset?id=${ids.declaredAsset}`),
    admin('asset-withdrawn', `/inventory/asset?id=${ids.withdrawnAsset}`),
    admin('asset-unknown', `/inventory/asset?id=${nothing}`),
    admin('inventory-filters', '/inventory', press('More filters')),
    admin('inventory-nothing-like-it', '/inventory?search=nothing+like+it'),
    admin('scan-how', '/scans/new', fillScan),
    admin('scan-review', '/scans/new', reviewScan),
    admin('schedule-new', '/scans/schedules', press('New schedule')),
    admin('jobs-none-like-it', '/jobs?status=cancelled'),
    admin('policy-simulated', '/policies/new', async (page) => {
      await page.getByLabel('Name').first().fill('Web');
      await press('Simulate')(page);
      await page.getByRole('region', { name: 'Simulation' }).getByRole('listitem').first().waitFor();
    }),
    admin('approval-to-decide', `/approvals/request?id=${ids.toDecide}`),
    admin('audit-verified', `/audit?resource=${ids.worstAsset}`, async (page) => {
      await press('Verify all of these in this browser')(page);
      await page.getByText(/^(\d+) of \1 events are proven/).waitFor();
    }),
    admin('person-invited', `/people/person?id=${ids.invited}`),
    admin('person-suspended', `/people/person?id=${ids.suspended}`),
    admin('person-gone', `/people/person?id=${ids.gone}`),
    admin('role-change', '/roles', press(/^Change release-manager/)),
    admin('access-emergency', '/access', press('This is an emergency…')),
    admin('organization-dialog', '/organization', press('New environment')),
    admin('machines-new-account', '/machines', press('New service account')),
    admin('machines-new-key', `/machines/account?id=${ids.serviceAccount}`, press('New key')),
    ...['approvals', 'organization', 'server'].map((part) => admin(`settings-${part}`, `/settings?part=${part}`)),
    ...['sessions', 'keys', 'access'].map((part) => admin(`account-${part}`, `/account?part=${part}`)),
    admin('palette', '/', search),
    admin('help', '/inventory', press('Help')),
    admin('keys-of-the-keyboard', '/', async (page) => {
      await page.getByRole('button', { name: 'Help', exact: true }).waitFor();
      await page.keyboard.press('?');
      await page.getByLabel('Keys of one character do something').waitFor();
    }),
    admin('account-menu', '/', press('Account menu')),
    { ...admin('rooms-of-a-phone', '/', press('Rooms')), width: 390 },
    admin('server-unreachable', '/jobs', async (page) => {
      await page.route('**/api/jobs*', (route) => route.abort());
      await page.reload();
      await page.getByRole('alert').filter({ hasText: 'did not work' }).waitFor();
    }),
    as('auditor', 'auditor-home', '/'),
    as('user', 'user-home', '/'),
    as('user', 'user-access', '/access'),
    ...everyPath()
      .filter((path) => !outside.has(path) && things[path] === undefined && !/\/(new|add|import)$/.test(path))
      .map((path) => as('beginner', `empty-${nameOf(path)}`, path)),
  ];
}

const nameOf = (path: string): string => (path === '/' ? 'home' : path.slice(1).replaceAll('/', '-'));

/** All that is to be looked at: every page there is, and their other states. */
export function everyScene(world: FullOrganization): readonly Scene[] {
  const plain = everyPath().map((path): Scene => {
    const thing = things[path];
    return {
      name: nameOf(path),
      who: outside.has(path) ? 'nobody' : 'admin',
      path: thing === undefined ? path : `${path}?id=${world.ids[thing]}`,
    };
  });
  return [...states(world), ...plain];
}
