/** Dotted decimal, or the canonical text of RFC 5952 (longest run of zero groups shortened, lower case). */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
  let best = { at: 0, length: 1 };
  for (let at = 0; at < 8; at++) {
    const after = groups.findIndex((group, index) => index >= at && group !== 0);
    const length = (after < 0 ? 8 : after) - at;
    if (length > best.length) best = { at, length };
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return text(groups);
  return `${text(groups.slice(0, best.at))}::${text(groups.slice(best.at + best.length))}`;
}
