'use client';
import { useEffect, useState } from 'react';

// Kept for the life of the page: React may mount a component twice, and the address gives the token only once.
let taken = '';

/**
 * The one-time token of a link, from the fragment: that part is never sent to a server and never logged by one. It is taken
 * out of the address at once, so that it stays in no history and on no screen. Empty: the link had none.
 */
export function useLinkToken(): string {
  const [token, setToken] = useState('');
  useEffect(() => {
    const found = new URLSearchParams(location.hash.slice(1)).get('token');
    if (found !== null) taken = found;
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
    setToken(taken);
  }, []);
  return token;
}
