'use client';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';
import { type KeysetPage, usePages } from './table/use-pages.ts';

export interface ListingOptions<Item> {
  readonly queryKey: readonly unknown[];
  readonly read: (cursor: string | undefined) => Promise<KeysetPage<Item>>;
  /** What is listed, for the button and for the error, e.g. `API keys`. */
  readonly things: string;
  readonly isEnabled?: boolean;
}

export interface Listing<Item> {
  readonly items: readonly Item[];
  /** Answered, and there is nothing. */
  readonly isEmpty: boolean;
  readonly isWaiting: boolean;
  /** Why the list could not be read, or nothing. */
  readonly failure: ReactNode;
  /** The button for the next page, or nothing. */
  readonly more: ReactNode;
}

/** A short listing of the API, drawn row by row, with a button for its next page; long ones are tables. */
export function useListing<Item>({ read, things, isEnabled = true, queryKey }: ListingOptions<Item>): Listing<Item> {
  const pages = usePages({ queryKey, load: read, isEnabled });
  return {
    items: pages.items,
    isEmpty: pages.isEmpty,
    isWaiting: isEnabled && pages.isLoading,
    failure: pages.error === null ? null : <Failure error={pages.error} doing={`Reading the ${things}`} />,
    more: pages.hasMore ? (
      <div>
        <Button isBusy={pages.isLoadingMore} onClick={pages.loadMore}>
          More {things}
        </Button>
      </div>
    ) : null,
  };
}
