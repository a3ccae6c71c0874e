'use client';
import { createContext, useContext } from 'react';

/** Opens the help panel: at a concept by its id, or, with null, at those of the room. */
export type OpenHelp = (concept: string | null) => void;

const HelpContext = createContext<OpenHelp | null>(null);
export const HelpProvider = HelpContext.Provider;

/** null where there is no panel: before somebody is signed in. */
export const useHelp = (): OpenHelp | null => useContext(HelpContext);
