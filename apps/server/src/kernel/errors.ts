import { defineErrors } from './app-error.ts';

/** Codes that belong to no single module. */
export const kernelErrors = defineErrors({
  REQUEST_INVALID: { kind: 'invalid', sentence: 'The request does not fit the schema of this route.' },
  REQUEST_CURSOR_INVALID: { kind: 'invalid', sentence: 'The cursor was not made by this listing.' },
  REQUEST_HOST_REFUSED: {
    kind: 'invalid',
    sentence: 'The request must name one host, and a server that listens on loopback answers to loopback names only.',
  },
  REQUEST_FORWARDED_INVALID: {
    kind: 'invalid',
    sentence: 'A trusted proxy did not say whom it forwards for: its header is malformed or too long.',
  },
  REQUEST_NOT_FOUND: { kind: 'not-found', sentence: 'There is no such route.' },
  REQUEST_TOO_LARGE: { kind: 'too-large', sentence: 'The body is larger than this server accepts.' },
  REQUEST_MEDIA_TYPE: { kind: 'unsupported-media-type', sentence: 'The body must be application/json.' },
  REQUEST_RATE_LIMITED: { kind: 'rate-limited', sentence: 'Too many requests; wait and try again.' },
  QUOTA_EXCEEDED: { kind: 'forbidden', sentence: 'A quota of the organization is used up.' },
  QUOTA_REQUESTS_EXCEEDED: {
    kind: 'rate-limited',
    sentence: 'The members of the organization sent more requests than its quota; wait and try again.',
  },
  REQUEST_IF_MATCH_REQUIRED: {
    kind: 'precondition-required',
    sentence: 'If-Match with the ETag of the version you changed is required.',
  },
  REQUEST_ETAG_MISMATCH: {
    kind: 'precondition-failed',
    sentence: 'The resource has changed since the version in If-Match.',
  },
  IDEMPOTENCY_KEY_INVALID: { kind: 'invalid', sentence: 'Idempotency-Key must be 1 to 255 visible ASCII characters.' },
  IDEMPOTENCY_KEY_REUSED: {
    kind: 'unprocessable',
    sentence: 'This Idempotency-Key was used with a different request.',
  },
  REQUEST_PURPOSE_INVALID: {
    kind: 'invalid',
    sentence: 'X-QV-Purpose must be at most 60 small letters and digits, with hyphens between them.',
  },
  INTERNAL: { kind: 'internal', sentence: 'Something went wrong inside; the request id names it in the log.' },
  DATABASE_UNAVAILABLE: {
    kind: 'unavailable',
    sentence:
      'The database does not answer; nothing was changed or the outcome is unknown: retry with the same Idempotency-Key.',
  },
  SERVER_STOPPING: { kind: 'unavailable', sentence: 'The server is stopping; try again.' },
});
