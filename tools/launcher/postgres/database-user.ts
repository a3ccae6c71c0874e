// PostgreSQL refuses to run as root. When we are root, it runs as a user that may do nothing else.
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface DatabaseUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

// A dedicated user is best, since processes of the same user can read each other's files.
const CANDIDATES = ['quantumvault', 'postgres', 'nobody'] as const;

/** Parses the lines of a passwd file. Malformed lines and root are left out. */
export function parsePasswd(text: string): DatabaseUser[] {
  const users: DatabaseUser[] = [];
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (!name || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) continue;
    const user = { name, uid: Number(uid), gid: Number(gid) };
    if (user.uid !== 0) users.push(user);
  }
  return users;
}

/**
 * The user for PostgreSQL when we are root: the owner of the existing data if there is any, else the first candidate.
 * initdb looks its own user up by name, hence only users with a passwd entry count. Undefined when there is none.
 */
export function chooseDatabaseUser(passwd: string, dataOwnerUid: number | undefined): DatabaseUser | undefined {
  const users = parsePasswd(passwd);
  if (dataOwnerUid !== undefined && dataOwnerUid !== 0) return users.find((user) => user.uid === dataOwnerUid);
  for (const name of CANDIDATES) {
    const user = users.find((candidate) => candidate.name === name);
    if (user !== undefined) return user;
  }
  return undefined;
}

/** True when the user may enter `folder`. Supplementary groups do not count: they are dropped at the start. */
function mayEnter(folder: string, user: DatabaseUser): boolean {
  const stat = statSync(folder);
  if (stat.uid === user.uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === user.gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}

/** The first folder, from the root down to `folder`, that the user cannot enter; undefined when all can be. */
export function firstClosedFolder(folder: string, user: DatabaseUser): string | undefined {
  const parent = dirname(folder);
  const above = parent === folder ? undefined : firstClosedFolder(parent, user);
  if (above !== undefined) return above;
  return mayEnter(folder, user) ? undefined : folder;
}
