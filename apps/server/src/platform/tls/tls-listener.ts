import { statSync } from 'node:fs';
import type { Server, ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { nodeTlsOptions } from '@quantumvault/pki';
import type { TlsListenerSettings } from '../../config/load-settings.ts';
import { loadTlsMaterial, type TlsMaterial, TlsMaterialError } from './tls-material.ts';

export interface TlsListenerOptions {
  readonly settings: TlsListenerSettings;
  readonly now: () => number;
  /** New files are served from now on. */
  readonly onReload: (material: TlsMaterial) => void;
  /** Changed files do not fit; the earlier ones are served on. Called once for each reason. */
  readonly onRefused: (reason: string) => void;
}

/**
 * PKI-3: the listener's TLS. Certificate, key and authorities are read again when their files change, without a
 * connection being lost: running ones keep what they agreed on. Files that do not fit together, as in the middle of a
 * rotation, change nothing until they do.
 */
export class TlsListener {
  readonly #options: TlsListenerOptions;
  #material: TlsMaterial;
  #state: string;
  #refused: string | null = null;

  /** Throws {@link TlsMaterialError} when the files do not fit: a server that starts so would serve nobody. */
  constructor(options: TlsListenerOptions) {
    this.#options = options;
    this.#state = this.#stateOfFiles();
    this.#material = loadTlsMaterial(options.settings, options.now());
  }

  get material(): TlsMaterial {
    return this.#material;
  }

  /** Why the files on disk are not those that are served, or null. */
  get refused(): string | null {
    return this.#refused;
  }

  /** For `https.createServer`. Sessions are not resumed across a change of authorities: tickets die with the context. */
  get serverOptions(): ServerOptions {
    const { profile, clientCertificates } = this.#options.settings;
    return {
      ...nodeTlsOptions(profile),
      ...this.#material.context,
      requestCert: clientCertificates !== 'none',
      rejectUnauthorized: clientCertificates === 'required',
      handshakeTimeout: 10_000,
    };
  }

  /** Guards a server made with {@link serverOptions} and follows the files. Gives what ends the following. */
  attach(server: Server): () => void {
    const { clientCertificates, reloadSeconds } = this.#options.settings;
    // Before the listener that reads requests: a request that came along must not be carried out.
    if (clientCertificates === 'optional') server.prependListener('secureConnection', refuseBadCertificate);
    const look = (): void => this.#look(server);
    const timer = setInterval(look, reloadSeconds * 1000).unref();
    return () => clearInterval(timer);
  }

  #look(server: Server): void {
    try {
      const state = this.#stateOfFiles();
      if (state === this.#state) return;
      const material = loadTlsMaterial(this.#options.settings, this.#options.now());
      server.setSecureContext({ ...nodeTlsOptions(this.#options.settings.profile), ...material.context });
      this.#material = material;
      this.#state = state;
      this.#refused = null;
      this.#options.onReload(material);
    } catch (error) {
      // Whatever it is, what is served goes on: an exception from a timer would end the process.
      const known = error instanceof TlsMaterialError ? error.message : Reflect.get(Object(error), 'code');
      const reason = typeof known === 'string' ? known : 'the files cannot be looked at';
      if (this.#refused !== reason) this.#options.onRefused(reason);
      this.#refused = reason;
    }
  }

  /** Changes when any of the files does, also when a name comes to mean another file. */
  #stateOfFiles(): string {
    const { certificateFile, keyFile, clientCaFile } = this.#options.settings;
    return [certificateFile, keyFile, clientCaFile].map((file) => (file === null ? '-' : stateOf(file))).join(' ');
  }
}

function stateOf(file: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${ino}:${size}:${mtimeNs}`;
  } catch (error) {
    // Loading says what is wrong with it.
    return String(Reflect.get(Object(error), 'code'));
  }
}

/** With optional certificates OpenSSL lets everything pass and notes what was wrong; what was shown must be good. */
function refuseBadCertificate(socket: TLSSocket): void {
  if (!socket.authorized && socket.getPeerX509Certificate() !== undefined) socket.destroy();
}
