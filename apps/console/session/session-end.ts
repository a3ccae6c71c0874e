/*
 * What a session leaves behind in a page: nothing. The state of the page goes with the page itself, so that no part of it
 * can keep what a former user has seen.
 */

/** Pages that need no session: the ways to one. */
export const outsidePaths: ReadonlySet<string> = new Set(['/sign-in', '/join', '/reset-password']);

/** Leaves for the sign-in with a new page; the way back is offered when the session ended by itself. */
export function leaveForSignIn(next: string | null): void {
  if (outsidePaths.has(location.pathname)) return;
  location.replace(next === null || next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
}

/**
 * A page that the browser kept whole, to show it again on "back", shows nothing until it was loaded anew: meanwhile
 * somebody else may have signed in.
 */
export function forgetKeptPages(): () => void {
  const hide = (event: PageTransitionEvent) => {
    if (event.persisted) document.body.hidden = true;
  };
  const show = (event: PageTransitionEvent) => {
    if (event.persisted) location.reload();
  };
  addEventListener('pagehide', hide);
  addEventListener('pageshow', show);
  return () => {
    removeEventListener('pagehide', hide);
    removeEventListener('pageshow', show);
  };
}
