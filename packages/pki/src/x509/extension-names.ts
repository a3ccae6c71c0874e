/** OIDs of extensions and key purposes (RFC 5280 section 4.2 and the documents that added to it). */
export const extensionOid = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  crlReason: '2.5.29.21',
  deltaCrl: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  distributionPoints: '2.5.29.31',
  policies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityAccess: '1.3.6.1.5.5.7.1.1',
} as const;

/** In the order of their bits (RFC 5280 section 4.2.1.3). */
export const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsageNames)[number];

const purposes: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'anyExtendedKeyUsage',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '1.3.6.1.5.5.7.3.17': 'ipsecIKE',
  '1.3.6.1.5.2.3.4': 'pkinitClientAuth',
  '1.3.6.1.5.2.3.5': 'pkinitKDC',
  '1.3.6.1.4.1.311.20.2.2': 'smartcardLogon',
};

/** The name of a key purpose, else its dotted OID. */
export function extendedKeyUsageName(oid: string): string {
  return purposes[oid] ?? oid;
}

const oidOfPurpose = new Map(Object.entries(purposes).map(([oid, name]) => [name, oid]));

/** The OID of a key purpose by its name; a dotted OID stays what it is. */
export function extendedKeyUsageOid(purpose: string): string {
  return oidOfPurpose.get(purpose) ?? purpose;
}
