import path from 'node:path';
import { z } from 'zod';
import { parseConnectionFacts } from './platform/postgres/connection.ts';
import { migrateDatabase, migrationsFolder } from './platform/postgres/migrate-database.ts';

// The short-lived migrate process: the only one that gets DATABASE_URL. It prepares roles and schema and ends.
const environment = z.object({
  DATABASE_URL: z.string().min(1),
  QV_DATABASE: z.string().min(1),
  QV_DATA_DIR: z.string().min(1),
});

try {
  const given = environment.parse(process.env);
  const applied = await migrateDatabase({
    bootstrap: { connectionString: given.DATABASE_URL, application_name: 'quantumvault-bootstrap' },
    facts: parseConnectionFacts(given.QV_DATABASE),
    dataDir: path.resolve(given.QV_DATA_DIR),
    migrationsDir: migrationsFolder(),
  });
  if (applied.length > 0)
    process.stdout.write(`Database: applied ${applied.length} migrations, up to ${applied.at(-1)}.\n`);
} catch (error) {
  // The message of a driver's error can name host and role, never the password.
  const isRefusal = error instanceof Error && ['DatabaseRolesError', 'MigrationError', 'ZodError'].includes(error.name);
  process.stderr.write(
    `The database could not be prepared: ${error instanceof Error ? error.message : 'unknown reason'}\n`,
  );
  process.exitCode = isRefusal ? 78 : 1;
}
