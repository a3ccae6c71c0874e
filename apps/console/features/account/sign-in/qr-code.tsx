'use client';
import { useEffect, useState } from 'react';
import { modulesPath } from './qr-path.ts';

/** ISO/IEC 18004 asks for four modules of light around a code. */
const border = 4;

/**
 * A text that a camera reads, drawn here: what it says leaves this page by the screen alone. Dark on light in both themes,
 * since not every camera reads it the other way round.
 */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const [modules, setModules] = useState<readonly (readonly boolean[])[]>([]);
  useEffect(() => {
    let isGone = false;
    void import('qr').then(({ default: encode }) => {
      if (!isGone) setModules(encode(text, 'raw', { ecc: 'low', border }));
    });
    return () => {
      isGone = true;
    };
  }, [text]);
  const size = modules.length;
  if (size === 0) return null;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={modulesPath(modules)} fill="#000" />
    </svg>
  );
}
