import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { ObservedConnection } from '@quantumvault/inventory';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { CliError, type ExitCode, exitCodes, systemCode } from '../errors.ts';
import { safeText } from '../terminal/safe-text.ts';
import { printTable } from '../terminal/table.ts';

export function addScanCapture(scan: Command, cli: Running): void {
  addCommand(scan, 'capture <file...>', 'Say what the TLS in packet captures (pcap, pcapng) agreed on').action(
    ending(cli, (files: string[], options: JsonOption) => scanCaptures(cli, files, options)),
  );
}

async function scanCaptures(cli: Cli, files: readonly string[], { json }: JsonOption): Promise<ExitCode> {
  const captures: { file: string; connections: readonly ObservedConnection[] }[] = [];
  for (const file of files) captures.push({ file, connections: await readCapture(cli, file) });
  const all = captures.flatMap(({ file, connections }) => connections.map((connection) => ({ file, ...connection })));
  if (json) {
    cli.output.json(
      all.map(({ serverCertificates, clientCertificates, ...rest }) => ({
        ...rest,
        serverCertificates: serverCertificates.map(base64),
        clientCertificates: clientCertificates.map(base64),
      })),
    );
  } else if (all.length === 0) cli.output.line('No TLS in there.');
  else {
    printTable(
      cli.output,
      [{ title: 'SERVER' }, { title: 'NAME' }, { title: 'VERSION' }, { title: 'GROUP' }, { title: 'SUITE' }],
      all.map(({ server, serverName, version, group, suite }) => [
        `${server.address}:${server.port}`,
        safeText(serverName ?? '-'),
        version ?? '-',
        group ?? '-',
        suite ?? '-',
      ]),
    );
  }
  return all.length > 0 ? exitCodes.done : exitCodes.negative;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function readCapture(cli: Cli, file: string): Promise<readonly ObservedConnection[]> {
  const { CaptureReader, InventoryError, TrafficObserver } = await import('@quantumvault/inventory');
  const path = resolve(cli.environment.folder, file);
  const reader = new CaptureReader();
  const observer = new TrafficObserver();
  const connections: ObservedConnection[] = [];
  try {
    for await (const chunk of createReadStream(path)) {
      for (const packet of reader.push(chunk)) connections.push(...observer.push(packet));
    }
  } catch (error) {
    if (error instanceof InventoryError) throw new CliError('CLI_FILE_UNREADABLE', `${path}: ${error.message}`);
    throw new CliError('CLI_FILE_UNREADABLE', `${path} cannot be read (${systemCode(error)}).`);
  }
  return [...connections, ...observer.end()];
}
