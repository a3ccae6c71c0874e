import type { CertificateDetails } from '@quantumvault/pki';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { formatInstant, formatList, plural } from '../../terminal/format.ts';
import { type Cell, printFields } from '../../terminal/table.ts';
import { type Block, readBlocks } from './files.ts';
import { orWrongUse } from './options.ts';

export function addShow(cert: Command, cli: Running): void {
  addCommand(
    cert,
    'show <file>',
    'Show certificates, requests and revocation lists, PEM or DER; checks nothing but the proof of a request',
  ).action(ending(cli, (file: string, options: JsonOption) => show(cli, file, options)));
}

/** What is shown of one block: the fields for people, and the same for programs. */
interface Shown {
  readonly kind: 'certificate' | 'certificate-request' | 'revocation-list';
  readonly json: Readonly<Record<string, unknown>>;
  readonly fields: readonly (readonly [string, Cell])[];
}

const entriesShownMax = 20;

async function show(cli: Cli, file: string, { json }: JsonOption): Promise<void> {
  const blocks = await readBlocks(cli, file);
  const shown: Shown[] = [];
  for (const block of blocks) {
    const one = await showBlock(block);
    if (one !== undefined) shown.push(one);
  }
  if (shown.length === 0) {
    throw new CliError('CLI_WRONG_USE', `${file} holds no certificate, request or revocation list that can be read.`);
  }
  if (json) return cli.output.json(shown.map(({ kind, json: facts }) => ({ kind, ...facts })));
  for (const [index, { kind, fields }] of shown.entries()) {
    if (index > 0) cli.output.line();
    printFields(cli.output, [['', kind], ...fields]);
  }
}

const readers = {
  CERTIFICATE: showCertificate,
  'CERTIFICATE REQUEST': showRequest,
  'X509 CRL': showList,
} as const;

async function showBlock({ label, der }: Block): Promise<Shown | undefined> {
  if (label === 'CERTIFICATE' || label === 'CERTIFICATE REQUEST' || label === 'X509 CRL') {
    return orWrongUse(() => readers[label](der));
  }
  if (label !== '') return undefined;
  // DER without a label: each form refuses the others.
  for (const read of Object.values(readers)) {
    try {
      return await read(der);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'PkiError') throw error;
    }
  }
  return undefined;
}

async function showCertificate(der: Uint8Array): Promise<Shown> {
  const { parseCertificate, readCertificateDetails } = await import('@quantumvault/pki');
  const { findAlgorithm, findPublicKeyAlgorithm, sha256 } = await import('@quantumvault/crypto');
  const facts = parseCertificate(der);
  const details = readCertificateDetails(der);
  const { subject, issuer, serialNumber, notBefore, notAfter, version } = facts;
  const key = findPublicKeyAlgorithm(facts.key);
  const keyAlgorithm = key?.id ?? facts.key.curveOid ?? facts.key.oid;
  const signatureAlgorithm = findAlgorithm(facts.signature.oid)?.id ?? facts.signature.oid;
  const quantumVulnerable = key?.quantumVulnerable ?? null;
  const fingerprint256 = Buffer.from(sha256(der)).toString('hex');
  const json = {
    ...{ version, subject, issuer, serialNumber, notBefore, notAfter, keyAlgorithm, signatureAlgorithm },
    ...{ quantumVulnerable, fingerprint256 },
    extensions: detailsAsJson(details),
  };
  return {
    kind: 'certificate',
    json,
    fields: [
      ['subject', subject],
      ['issuer', issuer],
      ['serial', serialNumber],
      ['valid', `${formatInstant(notBefore)} to ${formatInstant(notAfter)}`],
      [
        'key',
        quantumVulnerable === true
          ? { text: `${keyAlgorithm} (falls to quantum computers)`, style: 'yellow' }
          : keyAlgorithm,
      ],
      ['signed with', signatureAlgorithm],
      ...detailFields(details),
      ['SHA-256', fingerprint256],
    ],
  };
}

async function showRequest(der: Uint8Array): Promise<Shown> {
  const { checkRequest, detailsOf, parseRequest } = await import('@quantumvault/pki');
  const { findAlgorithm, findPublicKeyAlgorithm } = await import('@quantumvault/crypto');
  const request = parseRequest(der);
  const details = detailsOf(request.extensions);
  const keyAlgorithm = findPublicKeyAlgorithm(request.key)?.id ?? request.key.oid;
  const signatureAlgorithm = findAlgorithm(request.signature.oid)?.id ?? request.signature.oid;
  const proof = await checkRequest(request);
  const { subject, otherAttributes } = request;
  return {
    kind: 'certificate-request',
    json: { subject, keyAlgorithm, signatureAlgorithm, proof, extensions: detailsAsJson(details), otherAttributes },
    fields: [
      ['subject', subject],
      ['key', keyAlgorithm],
      ['signed with', signatureAlgorithm],
      ['proof of the key', proof === 'genuine' ? proof : { text: proof, style: 'red' }],
      ...detailFields(details),
    ],
  };
}

async function showList(der: Uint8Array): Promise<Shown> {
  const { parseRevocationList } = await import('@quantumvault/pki');
  const { findAlgorithm } = await import('@quantumvault/crypto');
  const list = parseRevocationList(der);
  const { issuer, number, thisUpdate, nextUpdate, entries, unknownCritical } = list;
  const signatureAlgorithm = findAlgorithm(list.signature.oid)?.id ?? list.signature.oid;
  const some = [...list].slice(0, entriesShownMax);
  const more = entries - some.length;
  return {
    kind: 'revocation-list',
    json: { issuer, number, thisUpdate, nextUpdate, signatureAlgorithm, unknownCritical, entries, revoked: [...list] },
    fields: [
      ['issuer', issuer],
      ['number', number ?? '-'],
      ['from', formatInstant(thisUpdate)],
      ['next by', formatInstant(nextUpdate)],
      ['signed with', signatureAlgorithm],
      ['revoked', plural(entries, 'certificate')],
      ...some.map(({ serialNumber, revokedAt, reason }): [string, string] => [
        '',
        `${serialNumber} ${formatInstant(revokedAt)}${reason === null ? '' : ` ${reason}`}`,
      ]),
      ...(more > 0 ? [['', `and ${more} more`] as const] : []),
    ],
  };
}

function detailsAsJson({ nameConstraints, ...details }: CertificateDetails): unknown {
  const count =
    nameConstraints === null
      ? null
      : { permitted: nameConstraints.permitted.length, excluded: nameConstraints.excluded.length };
  return { ...details, nameConstraints: count };
}

function detailFields(details: CertificateDetails): readonly (readonly [string, Cell])[] {
  const { names, isAuthority, pathLengthMax, keyUsage, extendedKeyUsage, nameConstraints, authorityAccess } = details;
  const stands = [...names.dns, ...names.addresses, ...names.emails, ...names.uris, ...names.directories];
  const authority = isAuthority !== true ? 'no' : pathLengthMax === null ? 'yes' : `yes, ${pathLengthMax} below it`;
  const access = [...(authorityAccess?.ocsp ?? []), ...(authorityAccess?.issuers ?? [])];
  const fields: (readonly [string, Cell])[] = [
    ['names', formatList(stands)],
    ['authority', authority],
  ];
  if (keyUsage !== null) fields.push(['key usage', formatList(keyUsage)]);
  if (extendedKeyUsage !== null) fields.push(['purposes', formatList(extendedKeyUsage)]);
  if (nameConstraints !== null) {
    fields.push([
      'name constraints',
      `${nameConstraints.permitted.length} permitted, ${nameConstraints.excluded.length} excluded`,
    ]);
  }
  if (details.revocationLists.length > 0) fields.push(['revocation lists', formatList(details.revocationLists)]);
  if (access.length > 0) fields.push(['authority access', formatList(access)]);
  for (const { oid, reason } of details.problems)
    fields.push(['not read', { text: `${oid}: ${reason}`, style: 'yellow' }]);
  return fields;
}
