import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { sha256 } from '@quantumvault/crypto';

/** A file of the console as it is sent. */
export interface ConsoleFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzip: Buffer | null;
  readonly etag: string;
  /** Its name holds the hash of its content: it may be kept for ever. */
  readonly isImmutable: boolean;
  readonly contentSecurityPolicy: string | null;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/x-component; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

const digest = (bytes: Uint8Array): string => Buffer.from(sha256(bytes)).toString('base64');

/**
 * The policy of one page: its own inline scripts by hash and nothing else inline, no eval, no foreign host, no frame
 * around it; only Next's own Trusted Types policies may make markup or script addresses.
 */
export function pagePolicy(html: string): string {
  const hashes = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${digest(Buffer.from(script, 'utf8'))}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${[...new Set(hashes)].join(' ')}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types nextjs nextjs#bundler',
  ].join('; ');
}

function consoleFile(name: string, body: Buffer): ConsoleFile {
  const isPage = name.endsWith('.html');
  const isText = !/\.(png|ico|woff2)$/.test(name);
  return {
    type: types[path.extname(name)] ?? 'application/octet-stream',
    body,
    gzip: isText && body.length > 500 ? gzipSync(body, { level: 9 }) : null,
    etag: `"${digest(body).slice(0, 22)}"`,
    isImmutable: name.startsWith('_next/static/') && !name.startsWith('_next/static/console/'),
    contentSecurityPolicy: isPage ? pagePolicy(body.toString('utf8')) : null,
  };
}

/**
 * All files of the built console by the path they answer to; empty when it was not built. They are few and small, and a
 * build that replaces them under a running server must not mix two versions: so they are read once.
 */
export function readConsole(folder: string): ReadonlyMap<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return files;
    throw error;
  }
  for (const name of names) {
    const file = consoleFile(name, readFileSync(path.join(folder, name)));
    files.set(`/${name === 'index.html' ? '' : name.replace(/\.html$/, '')}`, file);
  }
  return files;
}
