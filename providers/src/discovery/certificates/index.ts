export { type FileOutcome, fileScanLimits, scanFiles } from './scan-files.ts';
