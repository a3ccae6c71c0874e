import { describe, expect, it } from 'vitest';
import { blobAccess, chunksOf, streamOf } from './web-streams.ts';

async function* counting(seen: string[]): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < 3; at += 1) {
      seen.push(`made ${at}`);
      yield Uint8Array.of(at);
    }
  } finally {
    seen.push('ended');
  }
}

describe('streams of the web', () => {
  it('carry the chunks both ways, in order', async () => {
    const seen: string[] = [];
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(streamOf(counting(seen)))) chunks.push(chunk);
    expect(chunks).toEqual([Uint8Array.of(0), Uint8Array.of(1), Uint8Array.of(2)]);
    expect(seen).toEqual(['made 0', 'made 1', 'made 2', 'ended']);
  });

  it('make a chunk only when it is asked for, and end the source when they are cancelled', async () => {
    const seen: string[] = [];
    const stream = streamOf(counting(seen));
    await Promise.resolve();
    expect(seen).toEqual([]);
    for await (const chunk of chunksOf(stream)) {
      expect(chunk).toEqual(Uint8Array.of(0));
      break;
    }
    expect(seen).toEqual(['made 0', 'ended']);
  });

  it('pass an error on', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1);
      throw new Error('cut off');
    }
    const reader = streamOf(failing()).getReader();
    expect((await reader.read()).value).toEqual(Uint8Array.of(1));
    await expect(reader.read()).rejects.toThrow('cut off');
  });

  it('read ranges of a Blob', async () => {
    const access = blobAccess(new Blob([Uint8Array.of(1, 2, 3, 4)]));
    expect([access.size, await access.read(1, 2)]).toEqual([4, Uint8Array.of(2, 3)]);
  });
});
