'use client';
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { HelpProvider } from '../../design/help-context.tsx';
import { ToastProvider } from '../../design/toast.tsx';
import type { Choice } from '../palette/palette.tsx';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
import { setLook, useLook } from './look.ts';
import { roomOf } from './rooms.ts';
import { usePageFocus } from './use-page-focus.ts';

// No part of the first load. The palette comes soon after, so that what is typed after its keys is not lost.
const loadPalette = () => import('../palette/palette.tsx').then((module) => module.Palette);
const Palette = dynamic(loadPalette, { ssr: false });
const HelpPanel = dynamic(() => import('../help/help-panel.tsx').then((module) => module.HelpPanel), { ssr: false });
const ShortcutList = dynamic(() => import('../shortcuts/shortcut-list.tsx').then((module) => module.ShortcutList), {
  ssr: false,
});

type Open = { readonly what: 'palette' | 'shortcuts' } | { readonly what: 'help'; readonly concept: string | null };

export interface HouseDoors {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

const recentMax = 5;
const preloadMs = 1_000;

/** What is there in every room: the palette, the help, the keys, and messages in passing. */
export function House({ children }: { readonly children: (doors: HouseDoors) => ReactNode }) {
  const [open, setOpen] = useState<Open | null>(null);
  const [recent, setRecent] = useState<readonly Choice[]>([]);
  const look = useLook();
  const room = roomOf(usePathname());
  const close = useCallback(() => setOpen(null), []);
  const openPalette = useCallback(() => setOpen({ what: 'palette' }), []);
  const openShortcuts = useCallback(() => setOpen({ what: 'shortcuts' }), []);
  const openHelp = useCallback((concept: string | null) => setOpen({ what: 'help', concept }), []);
  useShortcuts({ onPalette: openPalette, onShortcuts: openShortcuts });
  usePageFocus();
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), preloadMs);
    return () => clearTimeout(timer);
  }, []);
  const commands: readonly Choice[] = [
    { key: 'help', label: 'Help on this room', kind: 'Do', icon: 'help', run: () => openHelp(null) },
    { key: 'keys', label: 'List the keys', kind: 'Do', icon: 'keyboard', run: openShortcuts },
    ...(['light', 'dark', 'system'] as const)
      .filter((theme) => theme !== look.theme)
      .map((theme) => ({
        key: `theme ${theme}`,
        label: theme === 'system' ? 'Theme of the system' : `Theme: ${theme}`,
        kind: 'Do',
        icon: 'settings' as const,
        run: () => setLook({ ...look, theme }),
      })),
    {
      key: 'density',
      label: look.density === 'compact' ? 'Comfortable density' : 'Compact density',
      kind: 'Do',
      icon: 'settings',
      run: () => setLook({ ...look, density: look.density === 'compact' ? 'comfortable' : 'compact' }),
    },
  ];
  const remember = (choice: Choice) => {
    if (choice.path === undefined) return;
    setRecent((former) => [choice, ...former.filter(({ key }) => key !== choice.key)].slice(0, recentMax));
  };
  return (
    <HelpProvider value={openHelp}>
      <ToastProvider>
        {children({ openPalette, openHelp: () => openHelp(null) })}
        {open?.what === 'palette' ? (
          <Palette onClose={close} recent={recent} onChosen={remember} commands={commands} />
        ) : null}
        {open?.what === 'help' ? <HelpPanel room={room} concept={open.concept} onClose={close} /> : null}
        {open?.what === 'shortcuts' ? <ShortcutList onClose={close} /> : null}
      </ToastProvider>
    </HelpProvider>
  );
}
