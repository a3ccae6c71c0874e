'use client';
import { useQuery } from '@tanstack/react-query';
import { Code } from '../../design/code.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Term } from '../../design/term.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';

const mebibytes = (bytes: number | null): string =>
  bytes === null ? 'cannot be read here' : `${Math.round(bytes / 2 ** 20)} MiB`;
const refreshMs = 10_000;

/** The process that answers: its version, whether its parts are well, and what it uses. Read anew every ten seconds. */
export function ServerStatus() {
  const { client } = useSession();
  const status = useQuery({
    queryKey: ['settings', 'status'],
    queryFn: () => client.getStatus(),
    refetchInterval: refreshMs,
  });
  const { data } = status;
  return (
    <>
      {status.error === null ? null : <Failure error={status.error} doing="Reading the state of the server" />}
      {status.isPending ? <Skeleton label="Reading the state of the server" lines={8} /> : null}
      {data === undefined ? null : (
        <>
          <section className={layout.section} aria-label="Health">
            <h2>
              <Term concept="health">Health</Term>
            </h2>
            {data.health.status === 'ok' ? (
              <Notice kind="success" title="Everything that this server needs is there." />
            ) : (
              <Notice kind="danger" title={`The server is ${data.health.status}.`}>
                <p>What is stored is safe. Look at the part below that says why, and at the log of the server.</p>
              </Notice>
            )}
            <ul className={layout.rows} aria-label="Parts of the server">
              {Object.entries(data.health.parts).map(([name, part]) => (
                <li key={name} className={layout.row}>
                  <span>
                    {name}
                    <br />
                    <bdi className={layout.muted}>{part.message}</bdi>
                  </span>
                  <strong>{part.status}</strong>
                </li>
              ))}
            </ul>
          </section>
          <section className={layout.section} aria-label="Server">
            <h2>Server</h2>
            <DetailList
              items={[
                ['Version', data.version],
                ['Works as', data.role === 'both' ? 'web server and worker' : data.role],
                ['Started', <Time key="started" value={data.startedAt} />],
                ['Installation', <Code key="id" label="id of the installation" value={data.installationId} />],
                ['Database', `PostgreSQL ${data.database.version}${data.database.embedded ? ', embedded' : ''}`],
                ['Jobs', `${data.jobs.running} running, ${data.jobs.pending} waiting, of all organizations`],
                ['Audit log', `${data.audit.logSize} entries, ${data.audit.pending} on their way into it`],
                ['Memory of the server', mebibytes(data.memory.serverBytes)],
                ['Memory of the launcher', mebibytes(data.memory.launcherBytes)],
                ['Memory of the database', mebibytes(data.memory.databaseBytes)],
              ]}
            />
            <p className={layout.muted}>
              Ports, folders, limits and keys of the server are settings of its environment, which this console cannot
              change: docs/reference/settings.md lists each with its default and its limit. Its interface is described
              at <a href="/api/docs">/api/docs</a>.
            </p>
          </section>
        </>
      )}
    </>
  );
}
