/** Where to go after the sign-in: a path of ours and nothing else, whoever wrote the link. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return /^\/(?![/\\])[\w/?=&%.:~-]*$/.test(next) ? next : '/';
}
