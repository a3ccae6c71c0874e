/** Where to go after the sign-in: a path of ours and nothing else, whoever wrote the link. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  if (!/^\/(?![/\\])[\w/?=&%.:~-]*$/.test(next)) return '/';
  // Dots are resolved before anybody goes there: `/.//example.org` is then `//example.org`, which is another host.
  return new URL(next, 'https://console.invalid').pathname.startsWith('//') ? '/' : next;
}
