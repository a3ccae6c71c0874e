import type { PolicyView } from '@quantumvault/api';

export type Spec = PolicyView['spec'];
export type ListName = 'kem' | 'signature' | 'aead';

/** An algorithm that a policy can name, with what speaks for it. */
export interface Choice {
  readonly id: string;
  /** What a quantum computer leaves of it: nothing, all, or the half that it does not break. */
  readonly nature: 'classical' | 'pqc' | 'hybrid';
  /** NIST category; 0 for classical ones. */
  readonly level: number;
  readonly about: string;
}

const classical = (id: string, about: string): Choice => ({ id, nature: 'classical', level: 0, about });
const pqc = (id: string, level: number, about: string): Choice => ({ id, nature: 'pqc', level, about });
const hybrid = (id: string, level: number, about: string): Choice => ({ id, nature: 'hybrid', level, about });

/**
 * What the form offers: the algorithms that protection jobs of this product make today, the usual first. A policy may name
 * others of the registry (`qv crypto info`); the form keeps those. A test holds ids, natures and levels to the registry.
 */
export const choices: Readonly<Record<ListName, readonly Choice[]>> = {
  kem: [
    hybrid('X-Wing', 3, 'ML-KEM-768 with X25519: for data keys; data stores need it.'),
    hybrid('X25519MLKEM768', 3, 'The same pair for TLS; current browsers speak it.'),
    hybrid('SecP256r1MLKEM768', 3, 'ML-KEM-768 with P-256 for TLS, where only NIST curves are allowed.'),
    hybrid('SecP384r1MLKEM1024', 5, 'ML-KEM-1024 with P-384 for TLS: the highest category.'),
    pqc('ML-KEM-768', 3, 'Post-quantum alone.'),
    pqc('ML-KEM-1024', 5, 'Post-quantum alone, the highest category (CNSA 2.0).'),
    pqc('ML-KEM-512', 1, 'Post-quantum alone, the smallest.'),
    classical('x25519', 'Fast and everywhere; a quantum computer breaks it.'),
    classical('secp256r1', 'NIST P-256; a quantum computer breaks it.'),
    classical('secp384r1', 'NIST P-384; a quantum computer breaks it.'),
  ],
  signature: [
    hybrid('MLDSA65-Ed25519-SHA512', 3, 'Two signatures in one, both must hold. Few clients verify it yet.'),
    hybrid('MLDSA65-ECDSA-P256-SHA512', 3, 'The same with P-256.'),
    hybrid('MLDSA87-ECDSA-P384-SHA512', 5, 'The highest category, for what must hold for decades.'),
    pqc('ML-DSA-65', 3, 'Post-quantum alone; tokens and certificates of new clients.'),
    pqc('ML-DSA-87', 5, 'Post-quantum alone, the highest category (CNSA 2.0).'),
    pqc('ML-DSA-44', 2, 'Post-quantum alone, the smallest.'),
    classical('ECDSA-P256-SHA256', 'Every client verifies it; a quantum computer forges it.'),
    classical('ECDSA-P384-SHA384', 'As P-256, with a larger margin.'),
    classical('Ed25519', 'Fast; not every client of TLS knows it.'),
  ],
  aead: [
    { id: 'AES-256-GCM', nature: 'pqc', level: 5, about: 'Everywhere in hardware; data stores need it.' },
    { id: 'ChaCha20-Poly1305', nature: 'pqc', level: 5, about: 'Fast without hardware, for example on phones.' },
  ],
};

export const modeWords: Readonly<Record<Spec['mode'], { readonly title: string; readonly about: string }>> = {
  hybrid: {
    title: 'Hybrid',
    about: 'A post-quantum and a classical algorithm together: one of them may fall. The way to go for most.',
  },
  pqc: {
    title: 'Post-quantum alone',
    about: 'Nothing that a quantum computer breaks. Clients that do not know it yet cannot connect.',
  },
  classical: {
    title: 'Classical',
    about: 'What every client knows. Recorded traffic can be read once there are quantum computers.',
  },
};

export const listWords: Readonly<Record<ListName, { readonly title: string; readonly about: string }>> = {
  kem: { title: 'Key establishment', about: 'How two sides agree on a key; the first that an asset can use is taken.' },
  signature: { title: 'Signatures', about: 'How a certificate or a token is signed; the first that fits is taken.' },
  aead: { title: 'Ciphers', about: 'How data is encrypted once there is a key.' },
};

const isInMode = ({ nature }: Choice, mode: Spec['mode']): boolean => mode === 'hybrid' || nature === mode;

/** What may be chosen in this mode and at this level; ciphers are the same in all of them. */
export function offeredIn(
  list: ListName,
  { mode, targetLevel }: Pick<Spec, 'mode' | 'targetLevel'>,
): readonly Choice[] {
  if (list === 'aead') return choices.aead;
  return choices[list].filter(
    (choice) => isInMode(choice, mode) && (choice.nature === 'classical' || choice.level >= targetLevel),
  );
}

/** What a new policy of a mode begins with: it is valid as it stands. */
export function startOf(mode: Spec['mode']): Pick<Spec, 'mode' | 'targetLevel' | 'kem' | 'signature' | 'aead'> {
  const aead = ['AES-256-GCM'];
  if (mode === 'classical')
    return { mode, targetLevel: 0, kem: ['x25519', 'secp256r1'], signature: ['ECDSA-P256-SHA256'], aead };
  if (mode === 'pqc') return { mode, targetLevel: 3, kem: ['ML-KEM-768'], signature: ['ML-DSA-65'], aead };
  return {
    mode,
    targetLevel: 3,
    kem: ['X-Wing', 'X25519MLKEM768'],
    signature: ['MLDSA65-Ed25519-SHA512', 'ECDSA-P256-SHA256'],
    aead,
  };
}
