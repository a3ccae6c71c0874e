/** Every parser that takes bytes from outside. Loaded one at a time, so that the counters of a run are its own. */
import type { FuzzTarget } from '../engine/fuzz-loop.ts';

/** What the module of a target exports. */
export interface TargetModule {
  makeTarget(): FuzzTarget | Promise<FuzzTarget>;
}

/** Name and module. */
const targets: Readonly<Record<string, string>> = {
  header: './qv1/header.ts',
  core: './qv1/core.ts',
  recipients: './qv1/recipients.ts',
  'recipient-text': './qv1/recipient-text.ts',
  'key-file': './qv1/key-file.ts',
  envelope: './qv1/envelope.ts',
  signature: './qv1/signature.ts',
  field: './qv1/field.ts',
  floe: './qv1/floe.ts',
  'age-header': './age/header.ts',
  'age-file': './age/file.ts',
  'age-armor': './age/armor.ts',
  'age-key-text': './age/key-text.ts',
  'key-form': './keys/key-form.ts',
  'password-hash': './keys/password-hash.ts',
  cbor: './formats/cbor.ts',
  'audit-event': './formats/audit-event.ts',
  capture: './formats/capture.ts',
  'server-flight': './formats/server-flight.ts',
  der: './x509/der.ts',
  certificate: './x509/certificate.ts',
  request: './x509/request.ts',
  'revocation-list': './x509/revocation-list.ts',
  pem: './x509/pem.ts',
  'crypto-file': './x509/crypto-file.ts',
};

export const targetNames: readonly string[] = Object.keys(targets);

/** Throws for a name that is not in {@link targetNames}. */
export function targetModule(name: string): string {
  const path = targets[name];
  if (path === undefined) throw new Error(`no target ${name}`);
  return new URL(path, import.meta.url).href;
}
