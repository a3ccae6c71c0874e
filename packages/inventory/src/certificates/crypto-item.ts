import type { CertificateFacts, PublicKeyFacts, SignatureFacts } from '@quantumvault/pki';

/** One piece of cryptography inside a file, recognized by its content (INV-4). No private value is ever kept. */
export type CryptoItem =
  | { readonly kind: 'certificate'; readonly der: Uint8Array; readonly facts: CertificateFacts }
  | {
      readonly kind: 'certificate-request';
      /** RFC 4514. */
      readonly subject: string;
      readonly key: PublicKeyFacts;
      readonly signature: SignatureFacts;
    }
  | { readonly kind: 'public-key'; readonly key: PublicKeyFacts }
  | {
      readonly kind: 'private-key';
      /** Null where the encryption hides it. */
      readonly key: PublicKeyFacts | null;
      readonly encryption: KeyEncryption | null;
    };

/** How a private key is encrypted; what cannot be named is its OID. */
export interface KeyEncryption {
  readonly scheme: string;
  /** Rounds of a password-based derivation; null where it has none or hides them. */
  readonly iterations: number | null;
}

export interface FoundItem {
  /** Line of the PEM block, null for a binary file. */
  readonly line: number | null;
  readonly item: CryptoItem;
}

/** A block that claims to be one of these and cannot be read, with the reason. */
export interface UnreadItem {
  readonly line: number | null;
  readonly label: string;
  readonly reason: string;
}

export interface CryptoFile {
  readonly items: readonly FoundItem[];
  readonly unread: readonly UnreadItem[];
}
