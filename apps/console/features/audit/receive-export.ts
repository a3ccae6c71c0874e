import { type HttpClient, routes, sendRoute } from '@quantumvault/api';

export interface ReceivedSoFar {
  readonly bytes: number;
  readonly lines: number;
}

export interface ReceivedExport extends ReceivedSoFar {
  readonly file: Blob;
}

const newline = 0x0a;

/**
 * AUD-6: the log as JSON Lines, as the server sends it (docs/spec/audit-export.md). The browser keeps it outside of memory
 * where it is large. Throws what the server refuses with, and a `TypeError` when the answer breaks off within a line; one that
 * breaks off between two lines is told by the verifier.
 */
export async function receiveExport(
  http: HttpClient,
  scope: 'tenant' | 'all',
  onProgress: (soFar: ReceivedSoFar) => void,
): Promise<ReceivedExport> {
  const { body } = await sendRoute({ url: location.origin, http }, routes.exportAudit, { query: { scope } });
  if (body === null) throw new TypeError('the server sent no export');
  let [bytes, lines, lastByte] = [0, 0, 0];
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, controller) => {
      bytes += chunk.length;
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) lines += 1;
      lastByte = chunk.at(-1) ?? lastByte;
      controller.enqueue(chunk);
      onProgress({ bytes, lines });
    },
  });
  const file = await new Response(body.pipeThrough(counted)).blob();
  if (lines === 0 || lastByte !== newline) throw new TypeError('the export broke off');
  return { file, bytes, lines };
}

/** Gives a file to the reader: it goes where the browser puts downloads. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of it by the next turn; a minute is for those that have not.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
