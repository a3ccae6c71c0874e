import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ConsoleFile } from './console-files.ts';

/** Sends the console's files: for everything that no other route answers. They hold no data; the console asks the API. */
export function serveConsole(fastify: FastifyInstance, files: ReadonlyMap<string, ConsoleFile>): void {
  // HEAD too: so Next looks at a page that a link leads to, before anybody follows it.
  fastify.get('/*', { exposeHeadRoute: true }, async (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const file = files.get(path);
    // Without a console a browser is led to the description of the interface.
    if (file === undefined && path === '/') return reply.redirect('/api/docs', 302);
    if (file === undefined) {
      const lost = files.get('/404');
      const isPage = !path.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html');
      // Whoever typed an address reads a page and not a problem document.
      return lost === undefined || !isPage ? reply.callNotFound() : sendFile(request, reply.status(404), lost);
    }
    return sendFile(request, reply, file);
  });
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  reply.header('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  reply.header('etag', file.etag).header('vary', 'accept-encoding').type(file.type);
  if (file.contentSecurityPolicy !== null) {
    reply.header('content-security-policy', file.contentSecurityPolicy);
    reply.header('cross-origin-opener-policy', 'same-origin');
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self)');
  }
  if (reply.statusCode === 200 && request.headers['if-none-match'] === file.etag) return reply.status(304).send();
  if (file.gzip !== null && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    return reply.header('content-encoding', 'gzip').send(file.gzip);
  }
  return reply.send(file.body);
}
