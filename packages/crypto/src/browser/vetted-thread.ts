import type * as native from '../native/vetted-thread.ts';
import { absent } from './absent.ts';

export const runVetted: typeof native.runVetted = absent('runVetted');
