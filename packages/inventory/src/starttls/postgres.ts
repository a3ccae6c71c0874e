import { latin1 } from '@quantumvault/pki';
import { type Conversation, readBytes } from './turns.ts';

/** Length 8 and the code 80877103, which no protocol version will ever have (PostgreSQL manual, "Message Formats"). */
const sslRequest = new Uint8Array([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** An ErrorResponse is a few hundred bytes; its SQLSTATE stands near the front. */
const errorBytesMax = 8_192;

/** PostgreSQL: SSLRequest, answered by the single byte `S` or `N`, or by an ErrorResponse that turns us away. */
export function* askPostgres(): Conversation {
  const [answer] = yield* readBytes(1, sslRequest);
  switch (answer) {
    case 0x53: // S
      return { kind: 'ready' };
    case 0x4e: // N
      return { kind: 'not-offered', detail: 'it answers SSLRequest with N' };
    case 0x45: {
      const header = yield* readBytes(4);
      const length = new DataView(header.buffer, header.byteOffset).getUint32(0);
      if (length < 5 || length > errorBytesMax) {
        return { kind: 'wrong-protocol', detail: 'its answer to SSLRequest is malformed' };
      }
      const state = sqlState(yield* readBytes(length - 4));
      return { kind: 'unavailable', detail: `PostgreSQL error ${state ?? 'without SQLSTATE'}` };
    }
    default:
      return { kind: 'wrong-protocol', detail: 'its answer to SSLRequest is not one of PostgreSQL' };
  }
}

// Fields are a type byte and a text that ends with NUL; field C is the SQLSTATE.
function sqlState(fields: Uint8Array): string | undefined {
  const field = latin1(fields)
    .split('\0')
    .find((text) => text.startsWith('C'));
  return field === undefined || !/^C[0-9A-Z]{5}$/.test(field) ? undefined : field.slice(1);
}
