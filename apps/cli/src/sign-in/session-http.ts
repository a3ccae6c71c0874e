import type { HttpClient } from '@quantumvault/api';
import type { Cli } from '../cli.ts';
import type { StoredSession } from './credential.ts';
import { isFresh, renewSession } from './keep-session-fresh.ts';
import { stepUpFor } from './step-up.ts';

/**
 * The network as a session sees it: requests that carry a token carry one that holds, and one that is refused for want of a
 * fresh proof is sent again after the person has given it (ACC-5). The request is repeated and not the command: nothing of
 * it was done, while the command may have done something before.
 */
export function sessionHttp(cli: Cli, origin: string, session: StoredSession): HttpClient {
  let current = session;
  return async (url, init) => {
    if (init.headers.authorization === undefined) return cli.http(url, init);
    const send = (): Promise<Response> =>
      cli.http(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${current.accessToken}` } });
    if (!isFresh(current, cli.clock.now())) current = await renewSession(cli, origin, current);
    let answer = await send();
    if (answer.status === 401) {
      // The server's clock counts, and it may say earlier than ours that the token has ended.
      current = await renewSession(cli, origin, current);
      answer = await send();
    }
    if (answer.status !== 403) return answer;
    const isProven = await stepUpFor(cli, {
      code: await codeOf(answer),
      client: { url: origin, http: cli.http, accessToken: current.accessToken },
    });
    return isProven ? send() : answer;
  };
}

/** The code of a refusal, leaving the answer to be read by whoever asked. */
async function codeOf(answer: Response): Promise<string | undefined> {
  try {
    const problem: unknown = await answer.clone().json();
    const code = typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : undefined;
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
