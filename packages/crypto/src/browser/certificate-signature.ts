import type * as native from '../native/certificate-signature.ts';
import { absent } from './absent.ts';

export type { CertificateHash, CertificateScheme } from '../native/certificate-signature.ts';
export const importSubjectPublicKey: typeof native.importSubjectPublicKey = absent('importSubjectPublicKey');
export const verifyWith: typeof native.verifyWith = absent('verifyWith');
