import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writePrivateFile } from '../../platform/files/private-file.ts';
import type { FirstSignIn } from './first-organization.ts';

const finalName = (dataDir: string): string => path.join(dataDir, 'bootstrap-admin.json');
const pendingName = (dataDir: string): string => `${finalName(dataDir)}.pending`;

/**
 * The administrator's first credentials, written once to `<data dir>/bootstrap-admin.json` (0600) and never repeated.
 * They are on disk before the database knows them and get their name after the commit: whatever dies in between, there
 * is never an administrator whose password nobody has, nor a file whose administrator does not exist.
 */
export function writePendingSignIn(dataDir: string, signIn: FirstSignIn, url: string): void {
  writePrivateFile(pendingName(dataDir), `${JSON.stringify({ ...signIn, url }, null, 2)}\n`);
}

export function publishSignIn(dataDir: string): string {
  renameSync(pendingName(dataDir), finalName(dataDir));
  return finalName(dataDir);
}

/** Settles what an interrupted first boot left: the file of the organization that exists is published, any other removed. */
export function settlePendingSignIn(dataDir: string, firstOrganizationId: string | null): string | null {
  if (!existsSync(pendingName(dataDir))) return null;
  let organizationId: unknown = null;
  try {
    organizationId = JSON.parse(readFileSync(pendingName(dataDir), 'utf8')).organizationId;
  } catch {
    // Cut off while it was written: the commit had not begun.
  }
  if (firstOrganizationId !== null && organizationId === firstOrganizationId) return publishSignIn(dataDir);
  rmSync(pendingName(dataDir));
  return null;
}
