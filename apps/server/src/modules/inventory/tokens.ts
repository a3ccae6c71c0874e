// What this module offers to the wiring of others.
export const ASSET_REPOSITORY = Symbol('AssetRepository');
export const FINDING_REPOSITORY = Symbol('FindingRepository');
export const SCAN_REPOSITORY = Symbol('ScanRepository');
export const TLS_SCANNER = Symbol('TlsScanner');
export const PLAN_TLS_SCAN = Symbol('PlanTlsScan');
export const IS_INTERNAL_SCAN = Symbol('IsInternalScan');
export const RECORD_TLS_SCANS = Symbol('RecordTlsScans');
