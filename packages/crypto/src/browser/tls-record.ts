import type * as native from '../native/tls-record.ts';
import { absent } from './absent.ts';

export type { NativeTlsCipher, NativeTlsHash, NativeTlsRecord } from '../native/tls-record.ts';
export const nativeTlsHash: typeof native.nativeTlsHash = absent('nativeTlsHash');
export const nativeTlsMac: typeof native.nativeTlsMac = absent('nativeTlsMac');
export const nativeTlsTagBytes: typeof native.nativeTlsTagBytes = absent('nativeTlsTagBytes');
export const nativeOpenTlsRecord: typeof native.nativeOpenTlsRecord = absent('nativeOpenTlsRecord');
