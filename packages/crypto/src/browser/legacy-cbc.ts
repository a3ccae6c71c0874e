import type * as native from '../native/legacy-cbc.ts';
import { absent } from './absent.ts';

export type { NativeLegacyHash } from '../native/legacy-cbc.ts';
export const nativeCbcDecrypt: typeof native.nativeCbcDecrypt = absent('nativeCbcDecrypt');
export const nativeLegacyMac: typeof native.nativeLegacyMac = absent('nativeLegacyMac');
