import type * as native from '../native/bare-calls.ts';
import { absent } from './absent.ts';

export type { BareCall, BareCalls } from '../native/bare-calls.ts';

export const bareAead: typeof native.bareAead = absent('bareAead');
export const bareDigest: typeof native.bareDigest = absent('bareDigest');
export const bareHmac: typeof native.bareHmac = absent('bareHmac');
export const bareHkdf: typeof native.bareHkdf = absent('bareHkdf');
export const bareSignature: typeof native.bareSignature = absent('bareSignature');
export const bareKem: typeof native.bareKem = absent('bareKem');
export const bareAgreement: typeof native.bareAgreement = absent('bareAgreement');
