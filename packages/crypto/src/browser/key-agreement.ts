import type * as native from '../native/key-agreement.ts';
import { absent } from './absent.ts';

export type { NativeAgreementKey, NativeCurve, NativeKem } from '../native/key-agreement.ts';
export const generateAgreementKey: typeof native.generateAgreementKey = absent('generateAgreementKey');
export const agreeOnCurve: typeof native.agreeOnCurve = absent('agreeOnCurve');
export const decapsulateKem: typeof native.decapsulateKem = absent('decapsulateKem');
