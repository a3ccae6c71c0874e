/*
 * Messages of CMS, the Cryptographic Message Syntax (RFC 5652), that others encrypted to a post-quantum key of ours (ENV-8):
 * AuthEnvelopedData with KEMRecipientInfo. They are read and not written; our own format is the envelope.
 *
 * The recommended way: `parseCmsKeyFile` for the private key, `openCms` for the message. Nothing comes out of a message before
 * all of it was checked, so a message is in memory as a whole. Danger: CMS without authentication (EnvelopedData) lets whoever
 * sees how a reader fails decrypt it; such messages are refused.
 */
export { CmsError, type CmsErrorCode } from './errors.ts';
export { type CmsMessage, type CmsRecipient, cmsFromPem, cmsLimits, type KemRecipient, parseCms } from './message.ts';
export { openCms } from './open.ts';
export { type CmsKey, parseCmsKey, parseCmsKeyFile } from './private-key.ts';
