import { describe, expect, it } from 'vitest';
import { classifySocketError, type Preamble, type PreambleStep, withConnection } from './connection.ts';
import { startTcpServer } from './testing/servers.ts';

const options = () => ({ timeoutMs: 2_000, signal: new AbortController().signal });
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array) => new TextDecoder().decode(chunk);

/** Waits for a greeting, asks for TLS and goes ahead on "GO"; the shape of each STARTTLS protocol. */
function greeting(): Preamble {
  let heard = '';
  return {
    start: () => ({}),
    push(chunk): PreambleStep {
      heard += text(chunk);
      if (heard === 'HELLO') return { send: bytes('TLS?') };
      if (heard === 'HELLOGO') return { end: 'ready' };
      if (heard.startsWith('NO')) return { end: { cause: 'malformed', detail: 'another protocol' } };
      return {};
    },
  };
}

/** Sends one word and finishes with the answer. */
const askOnce = (server: { target: { host: string; port: number } }, preamble?: () => Preamble) =>
  withConnection<string>(
    { address: server.target.host, port: server.target.port },
    { ...options(), ...(preamble === undefined ? {} : { preamble }) },
    ({ send, finish, fail }) => {
      send(bytes('ping'));
      return {
        receive: (chunk) => finish(text(chunk)),
        ended: () => fail({ cause: 'reset', connected: true, detail: 'closed' }),
      };
    },
  );

describe('one connection', () => {
  it('INV-3: a preamble runs first, and the line begins with the byte after its end', async () => {
    const heard: string[] = [];
    await using server = await startTcpServer((socket) => {
      socket.write('HELLO');
      socket.on('data', (chunk: Buffer) => {
        heard.push(chunk.toString());
        socket.write(heard.length === 1 ? 'GO' : 'pong');
      });
    });
    expect(await askOnce(server, greeting)).toEqual({ value: 'pong' });
    expect(heard).toEqual(['TLS?', 'ping']);
  });

  it('a preamble that speaks first does so', async () => {
    await using server = await startTcpServer((socket) => {
      socket.on('data', (chunk: Buffer) => socket.write(chunk.toString() === 'first' ? 'S' : 'pong'));
    });
    const speaker = (): Preamble => ({ start: () => ({ send: bytes('first') }), push: () => ({ end: 'ready' }) });
    expect(await askOnce(server, speaker)).toEqual({ value: 'pong' });
  });

  it('a preamble that ends badly fails the connection with its own cause, and nothing is sent after it', async () => {
    const heard: string[] = [];
    await using server = await startTcpServer((socket) => {
      socket.write('NO');
      socket.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
    });
    expect(await askOnce(server, greeting)).toEqual({
      failure: { cause: 'malformed', connected: true, detail: 'another protocol' },
    });
    expect(heard).toEqual([]);
  });

  it('a server that closes during the preamble is a reset', async () => {
    await using server = await startTcpServer((socket) => socket.end('HEL'));
    expect(await askOnce(server, greeting)).toMatchObject({ failure: { cause: 'reset', connected: true } });
  });

  it('a throw inside an event rejects this connection and nothing else', async () => {
    await using server = await startTcpServer((socket) => socket.on('data', () => socket.write('pong')));
    const endpoint = { address: server.target.host, port: server.target.port };
    const broken = withConnection<string>(endpoint, options(), ({ send }) => {
      send(bytes('ping'));
      return {
        receive: () => {
          throw new RangeError('a mistake');
        },
        ended: () => {},
      };
    });
    await expect(broken).rejects.toThrow('a mistake');
    expect(await askOnce(server)).toEqual({ value: 'pong' });
  });

  it('connections that read at the same time do not mix their bytes', async () => {
    await using server = await startTcpServer((socket) => {
      let name = '';
      socket.on('data', (chunk: Buffer) => {
        name += chunk.toString();
        if (name.length === 6) for (let part = 0; part < 20; part++) socket.write(name);
      });
    });
    const endpoint = { address: server.target.host, port: server.target.port };
    const names = Array.from({ length: 40 }, (_, index) => `name${String(index).padStart(2, '0')}`);
    const answers = await Promise.all(
      names.map((name) =>
        withConnection<string>(endpoint, options(), ({ send, finish }) => {
          let heard = '';
          send(bytes(name));
          return {
            receive: (chunk) => {
              heard += text(chunk);
              if (heard.length === 120) finish(heard);
            },
            ended: () => {},
          };
        }),
      ),
    );
    expect(answers).toEqual(names.map((name) => ({ value: name.repeat(20) })));
  });
});

describe('INV-3a: how a connection failed', () => {
  it.each([
    ['ECONNREFUSED', false, 'refused', false],
    ['EHOSTUNREACH', false, 'refused', false],
    ['ETIMEDOUT', false, 'timeout', false],
    ['ETIMEDOUT', true, 'timeout', true],
    // The reset of a server that accepts and hangs up can arrive before the news that it accepted.
    ['ECONNRESET', false, 'reset', true],
    ['ECONNRESET', true, 'reset', true],
    ['EPIPE', true, 'reset', true],
  ] as const)('%s, connected %s: %s', (code, wasConnected, cause, connected) => {
    const error = Object.assign(new Error(code), { code });
    expect(classifySocketError(error, wasConnected)).toEqual({ cause, connected, detail: code });
  });
});

describe('INV-7, attack 17: a connection goes to the address that was checked', () => {
  const outcomeAt = async (address: string) => {
    let visits = 0;
    await using server = await startTcpServer(() => {
      visits += 1;
    });
    let isBegun = false;
    const outcome = await withConnection({ address, port: server.target.port }, options(), ({ finish }) => {
      isBegun = true;
      finish('spoken');
      return { receive: () => {}, ended: () => {} };
    });
    return { outcome, isBegun, visits };
  };

  it('an address in another spelling is the same address', async () => {
    expect((await outcomeAt('127.0.0.1')).outcome).toEqual({ value: 'spoken' });
    expect((await outcomeAt('::ffff:7f00:1')).outcome).toEqual({ value: 'spoken' });
  });

  it('a name is never resolved here', async () => {
    const { outcome, visits } = await outcomeAt('localhost');
    expect(outcome).toEqual({ failure: { cause: 'refused', connected: false, detail: 'EINVAL' } });
    expect(visits).toBe(0);
  });

  it('nothing is said to a peer at another address', async () => {
    const { outcome, isBegun } = await outcomeAt('0.0.0.0');
    expect(outcome).toMatchObject({ failure: { cause: 'refused', connected: false } });
    expect(isBegun).toBe(false);
  });
});
