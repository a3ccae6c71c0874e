import { sha256 } from '@quantumvault/crypto';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a2e;background:#fff}
h2{margin-top:2.5rem;border-bottom:1px solid #ccd}details{margin:.5rem 0;border:1px solid #ccd;border-radius:6px;padding:.4rem .8rem}
summary{cursor:pointer}code,pre{font:13px/1.45 ui-monospace,monospace}pre{background:#f4f5fa;padding:.8rem;overflow:auto;border-radius:6px}
b.m{display:inline-block;min-width:4rem}@media(prefers-color-scheme:dark){body{color:#e6e6f0;background:#14141f}pre{background:#1f1f2e}h2,details{border-color:#445}}`;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly { name: string; in: string; required: boolean }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { description: string; content?: unknown }>>;
}

function operationHtml(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters
    .map(
      (parameter) =>
        `<li><code>${escapeHtml(parameter.name)}</code> in ${escapeHtml(parameter.in)}${parameter.required ? ', required' : ''}</li>`,
    )
    .join('');
  const body =
    operation.requestBody === undefined
      ? ''
      : `<h4>Body</h4><pre>${escapeHtml(JSON.stringify(operation.requestBody, null, 2))}</pre>`;
  const answers = Object.entries(operation.responses)
    .map(([status, response]) => `<li><code>${escapeHtml(status)}</code> ${escapeHtml(response.description)}</li>`)
    .join('');
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
  const shape =
    success?.[1].content === undefined ? '' : `<pre>${escapeHtml(JSON.stringify(success[1].content, null, 2))}</pre>`;
  return `<details id="${escapeHtml(operation.operationId)}"><summary><b class="m">${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code> &mdash; ${escapeHtml(operation.summary)}</summary>
<h4>Parameters</h4><ul>${parameters || '<li>none</li>'}</ul>${body}<h4>Answers</h4><ul>${answers}</ul>${shape}</details>`;
}

/** IFC-1: the description for people. One page without script and without requests to anybody; the style is allowed by its hash. */
export function apiPage(document: { [key: string]: unknown }): { html: string; contentSecurityPolicy: string } {
  const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  const groups = new Map<string, string[]>();
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const tag = operation.tags[0] ?? 'other';
      groups.set(tag, [...(groups.get(tag) ?? []), operationHtml(method, path, operation)]);
    }
  }
  const sections = [...groups]
    .map(([tag, operations]) => `<h2>${escapeHtml(tag)}</h2>${operations.join('\n')}`)
    .join('\n');
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>QuantumVault API</title><style>${style}</style></head><body><h1>QuantumVault API</h1>
<p>OpenAPI 3.1 at <a href="/api/openapi.json">/api/openapi.json</a>. Send your key as <code>X-API-Key</code> or <code>Authorization: Bearer</code>.
Failures are problem documents (RFC 9457) with a stable <code>code</code>.</p>${sections}</body></html>`;
  const hash = Buffer.from(sha256(Buffer.from(style, 'utf8'))).toString('base64');
  return {
    html,
    contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'`,
  };
}
