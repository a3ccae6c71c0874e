// The wiring of this module: which storage its classes use. Main composes them once; Nest gets the instances from there.
export { PostgresKeyStore } from './postgres-key-store.ts';
