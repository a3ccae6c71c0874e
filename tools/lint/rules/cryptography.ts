/** Where homemade cryptography begins: XOR, modes of ciphers, data that is not bound, and comparisons that tell. */
import { fileRule, type PlacedFile, type Rule } from '../finding.ts';
import { type Node, walk } from '../source-tree.ts';
import { boundDataExceptions, cipherModes, xorHomes } from '../vocabulary.ts';

const isTool = (file: PlacedFile): boolean => file.isTest || file.path.startsWith('tools/');
/** Packages whose values named key, tag or digest are secrets or what protects them; in `pki` a tag is one of ASN.1. */
const isCrypto = (file: PlacedFile): boolean => /^packages\/(?:crypto|envelope|age|kms)\//.test(file.path);

/** Whether a path is this file, or lies in this folder. */
const isAt = (path: string, home: string): boolean => (home.endsWith('/') ? path.startsWith(home) : path === home);

/** The last plain name of an expression: `record.tokenHash` gives `tokenHash`. */
function lastName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'PrivateIdentifier') return node.name;
  if (node.type === 'MemberExpression' && 'name' in node.property) return String(node.property.name);
  if (node.type === 'ChainExpression' || node.type === 'TSNonNullExpression') return lastName(node.expression);
  return undefined;
}

const secretWords = new Set(['secret', 'hash', 'token', 'mac', 'hmac', 'password', 'passphrase']);
const cryptoWords = new Set([...secretWords, 'key', 'tag', 'digest', 'signature', 'seed', 'prk', 'otp']);

/** Whether a name's last word is one of `words`: `expectedTag` and `mac_key`, but not `publicKey` or `tagBytes`. */
function namesSecret(node: Node, words: ReadonlySet<string>): boolean {
  const parts = (lastName(node) ?? '').split(/(?=[A-Z])|_/).map((part) => part.toLowerCase());
  return words.has(parts.at(-1) ?? '') && !parts.includes('public');
}

/** Comparing with a constant, with "nothing" or with a length leaks only what the source already tells. */
function isPublic(node: Node): boolean {
  if (node.type === 'Literal') return true;
  return (node.type === 'Identifier' && node.name === 'undefined') || lastName(node) === 'length';
}

const isEquality = (node: Node): node is Node & { type: 'BinaryExpression'; left: Node; right: Node } =>
  node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator);

/** `sameBytes(tag, other)` and `Buffer.compare(tag, other) === 0`: functions that stop at the first difference. */
function comparesBytes(node: Node): Node[] {
  if (node.type === 'CallExpression' && /^(?:same|sameBytes|isSame|equalBytes)$/.test(lastName(node.callee) ?? '')) {
    return node.arguments;
  }
  if (!isEquality(node) || node.left.type !== 'CallExpression') return [];
  return /^compare(?:Bytes)?$/.test(lastName(node.left.callee) ?? '') ? node.left.arguments : [];
}

/** `tag.every((byte, at) => byte === other[at])`, which is `===` spelt out. */
function comparesEach(node: Node): Node[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  if (lastName(node.callee) !== 'every' && lastName(node.callee) !== 'some') return [];
  const [callback] = node.arguments;
  if (callback?.type !== 'ArrowFunctionExpression') return [];
  let isComparison = false;
  walk(callback, (inner) => {
    if (isEquality(inner) && !isPublic(inner.left) && !isPublic(inner.right)) isComparison = true;
  });
  return isComparison ? [node.callee.object] : [];
}

const boundNames = new Set(['aad', 'additionalData', 'associatedData', 'context', 'encryptionContext']);
const isBoundName = (node: Node): boolean => boundNames.has(lastName(node) ?? '');

/** A parameter, a destructured option or a member of a type that may be left out, or is filled in. */
function leavesOut(node: Node): boolean {
  if (node.type === 'AssignmentPattern') return isBoundName(node.left);
  if (node.type === 'TSPropertySignature') return node.optional && isBoundName(node.key);
  // The parser's types say that an identifier is never optional; as a parameter it can be.
  const optional: unknown = 'optional' in node ? node.optional : false;
  if (node.type === 'Identifier') return optional === true && isBoundName(node);
  return node.type === 'LogicalExpression' && node.operator !== '&&' && isBoundName(node.left);
}

/** A name as OpenSSL writes it, such as `aes-256-cbc` or `id-aes256-wrap`. It takes capitals too; so do our registry ids. */
const opensslCipher = /^(?:id-)?(?:aes|aria|bf|camellia|cast5?|chacha20|des|idea|rc[245]|seed|sm4)(?:[-\d]|$)/;
/** A block mode without authentication as WebCrypto writes it. */
const webCipher = /^AES-(?:CBC|CTR)$/;

const textOf = (node: Node): string | undefined => {
  const text = node.type === 'TemplateElement' ? node.value.raw : node.type === 'Literal' ? node.value : undefined;
  return typeof text === 'string' ? text : undefined;
};

/** The texts that an argument can be. */
function constantsOf(node: Node | undefined): Node[] {
  if (node?.type === 'ConditionalExpression') return [...constantsOf(node.consequent), ...constantsOf(node.alternate)];
  if (node?.type === 'TemplateLiteral') return node.quasis.slice(0, 1);
  return node?.type === 'Literal' ? [node] : [];
}

/** The names of ciphers in a file that uses ciphers: in any text as OpenSSL writes them, or given to it in capitals. */
function cipherNames(file: PlacedFile): { readonly names: readonly Node[]; readonly encrypts: boolean } {
  const names = new Set<Node>();
  let [isUser, encrypts] = [false, false];
  walk(file.program, (node) => {
    const called = node.type === 'CallExpression' ? lastName(node.callee) : undefined;
    if (node.type !== 'CallExpression' || !/^create(?:Cipher|Decipher)iv$/.test(called ?? '')) return;
    isUser = true;
    encrypts ||= called === 'createCipheriv';
    for (const name of constantsOf(node.arguments[0])) names.add(name);
  });
  walk(file.program, (node, parent) => {
    const text = textOf(node) ?? '';
    const isWebName = webCipher.test(text) && parent?.type === 'Property' && lastName(parent.key) === 'name';
    if (isWebName || (isUser && opensslCipher.test(text))) names.add(node);
  });
  return { names: [...names], encrypts };
}

function judgeCiphers(file: PlacedFile, report: (offset: number, message: string) => void): void {
  const { names, encrypts } = cipherNames(file);
  for (const node of names) {
    const text = textOf(node) ?? '';
    const mode = Object.hasOwn(cipherModes, text) ? cipherModes[text] : undefined;
    const isHere = mode !== undefined && (mode.only === undefined || mode.only === file.path);
    if (!isHere) report(node.start, `${text} is not among the modes that may be used here`);
    else if (mode.decryptsOnly === true && encrypts) report(node.start, `${text} is read and never written`);
  }
}

export const cryptographyRules: readonly Rule[] = [
  fileRule('security/xor', 'XOR on bytes is where homemade ciphers begin.', (file, report) => {
    if (isTool(file) || Object.keys(xorHomes).some((home) => isAt(file.path, home))) return;
    walk(file.program, (node) => {
      const isXor =
        (node.type === 'BinaryExpression' && node.operator === '^') ||
        (node.type === 'AssignmentExpression' && node.operator === '^=');
      if (isXor)
        report(node.start, 'use a primitive of packages/crypto, or say in tools/lint/vocabulary.ts what it is for');
    });
  }),

  fileRule(
    'security/cipher-mode',
    'Ciphers are authenticated; CBC is read in one place and never written.',
    (file, report) => {
      if (!isTool(file)) judgeCiphers(file, report);
    },
  ),

  // CRY-1, ENV-1: what is not bound can be moved, and a default is what everybody forgets to think about.
  fileRule('security/bound-data', 'Additional data and context have no default.', (file, report) => {
    if (isTool(file) || !isCrypto(file) || Object.hasOwn(boundDataExceptions, file.path)) return;
    walk(file.program, (node) => {
      if (leavesOut(node)) report(node.start, 'make the caller say what is bound, if only with empty bytes');
    });
  }),

  fileRule('security/constant-time', 'Secrets are compared with constant work.', (file, report) => {
    if (isTool(file)) return;
    const words = new Set(isCrypto(file) ? cryptoWords : secretWords);
    // Where DER is read, a tag is the type of a value.
    if (/\bDerReader\b/.test(file.text)) words.delete('tag');
    // Known answers are public, and elsewhere a hash compared as bytes is one of the log, which is public too.
    const looksAtBytes = isCrypto(file) && !file.path.endsWith('self-test.ts');
    walk(file.program, (node) => {
      const compared: Node[] = [];
      if (isEquality(node) && ![node.left, node.right].some(isPublic)) compared.push(node.left, node.right);
      if (looksAtBytes) compared.push(...comparesBytes(node), ...comparesEach(node));
      if (compared.some((side) => namesSecret(side, words))) report(node.start, 'use constantTimeEqual');
    });
  }),
];
