/*
 * The checkpoint store in a folder, for an installation on one host, and a reader for tiles that lie in a folder.
 *
 *   latest              the newest checkpoint
 *   log.vkey            the public keys, one line each
 *   tiles/tile/0/000    hash tiles under their c2sp.org/tlog-tiles paths
 *   history/000/...     every checkpoint, numbered in the order of publication
 *
 * Keep the folder on another account, disk or host than the database: whoever can write to both can rewrite both.
 */
export { FileCheckpointStore } from './file-checkpoint-store.ts';
export { FileTileReader } from './tile-folder.ts';
