import type * as native from '../native/certificate-issuer.ts';
import { absent } from './absent.ts';

export const isIssuedBy: typeof native.isIssuedBy = absent('isIssuedBy');
