export { PostgresAccessDirectory } from './adapters/postgres-access-directory.ts';
