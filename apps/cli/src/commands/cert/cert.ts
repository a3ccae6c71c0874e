import type { Command } from 'commander';
import type { Running } from '../../cli.ts';
import { addCrl } from './crl.ts';
import { addCsr } from './csr.ts';
import { addInitCa } from './init-ca.ts';
import { addIssue } from './issue.ts';
import { addShow } from './show.ts';
import { addSignCsr } from './sign-csr.ts';
import { addVerifyCertificate } from './verify.ts';

/** Certificates without a server (PKI-1): an authority of one's own, in files. */
export function addCert(program: Command, cli: Running): void {
  const cert = program.command('cert').description('Certificates: make an authority, issue, ask, show, check, revoke');
  addInitCa(cert, cli);
  addIssue(cert, cli);
  addCsr(cert, cli);
  addSignCsr(cert, cli);
  addShow(cert, cli);
  addVerifyCertificate(cert, cli);
  addCrl(cert, cli);
}
