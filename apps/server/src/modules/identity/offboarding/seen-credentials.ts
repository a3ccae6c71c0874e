import type { OffboardingView } from '@quantumvault/api';

export type SeenCredential = OffboardingView['rotate'][number];
export type SeenKind = SeenCredential['kind'];

/** Which events say that an actor has had a secret in its hands. The index `audit_event_exposure` names the same. */
export const exposingActions: Readonly<Record<string, SeenKind>> = {
  'data-key.unwrapped': 'data-key',
  'tls-bundle.read': 'tls-bundle',
  'certificate.read': 'certificate',
  'token.signed': 'signed-token',
};

export const adviceFor: Readonly<Record<SeenKind, string>> = {
  'data-key': 'Protect the data store again for a new data key, and encrypt anew what the old one has encrypted.',
  'tls-bundle': 'Protect the endpoint again for a new key and certificate, and revoke the old one at its authority.',
  certificate: 'Protect the certificate again for a new key, and revoke the old one at its authority.',
  'signed-token':
    'The signing key was not shown. Wait until the last token has expired, or protect the issuer again for a new key.',
  device: 'The person brought this machine in, and may have its key: see where it stands, or revoke it.',
  'client-certificate':
    'The person bound this certificate, and may have its private key: bind another, and unbind this one.',
  'api-key': 'The secret was shown to the person who made the key: rotate it.',
};

/** What no record can tell; a report that does not say so would promise too much. */
export const notKnown: readonly string[] = [
  'What the person copied, photographed, printed or passed on before, and what others showed to the person.',
  'Secrets that the person held outside this installation: passwords of other systems, keys on own devices, backups.',
  'What the person did with the identity of somebody else, such as a shared key or account.',
  'Contents of exports and listings: they hold no keys or tokens, but they tell what exists.',
  'Files of the operator, such as the seal key, the first sign-in or a database copy: reading them leaves no event.',
];
