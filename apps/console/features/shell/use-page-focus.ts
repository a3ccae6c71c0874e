'use client';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';

/**
 * After a step to another page the focus is on its content, and not on the link that led there or on nothing: whoever goes
 * on by keyboard or hears the page begins at its top. What a page has focused itself is left alone.
 */
export function usePageFocus(): void {
  const pathname = usePathname();
  const former = useRef(pathname);
  useEffect(() => {
    if (former.current === pathname) return;
    former.current = pathname;
    const main = document.getElementById('main');
    if (main !== null && (document.activeElement === main || !main.contains(document.activeElement)))
      main.focus({ preventScroll: true });
  }, [pathname]);
}
