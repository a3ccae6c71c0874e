// The baseline of project-read.bench.ts, in a process of its own: Fastify and one select by key, nothing else. No
// authentication, no tenant, no limits, no schema: what is left is the framework, the driver and the database.
import Fastify from 'fastify';
import pg from 'pg';
import { z } from 'zod';

const orderSchema = z.object({
  host: z.string(),
  port: z.number(),
  database: z.string(),
  user: z.string(),
  password: z.string(),
});

process.once('message', (message) => {
  const pool = new pg.Pool({ ...orderSchema.parse(message), max: 10, options: '-c search_path=qv' });
  const fastify = Fastify();
  fastify.get('/api/projects/:id', async (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const { rows } = await pool.query({
      name: 'project',
      text: 'SELECT id, environment_id AS "environmentId", name, created_at AS "createdAt", version FROM project WHERE id = $1',
      values: [id],
    });
    return rows[0];
  });
  fastify.listen({ host: '127.0.0.1', port: 0 }).then((url) => process.send?.(url));
});
