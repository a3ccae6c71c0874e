'use client';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

/** The answer of every listing of the API. */
export interface KeysetPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PagesOptions<Item> {
  readonly queryKey: readonly unknown[];
  readonly load: (cursor: string | undefined) => Promise<KeysetPage<Item>>;
  readonly isEnabled?: boolean;
  /** How often the pages are asked for again while they are looked at. */
  readonly refetchMs?: number;
}

export interface Pages<Item> {
  readonly items: readonly Item[];
  /** There is an answer, and it holds nothing, to its end. */
  readonly isEmpty: boolean;
  /** No answer yet, not even one to another filter. */
  readonly isLoading: boolean;
  /** What is shown answers the question before; the answer to this one is on its way. */
  readonly isStale: boolean;
  readonly isLoadingMore: boolean;
  readonly hasMore: boolean;
  readonly error: Error | null;
  readonly loadMore: () => void;
}

/**
 * A listing of the API, page after page. A page may be empty and the listing still go on: whoever draws it asks for more
 * until there is enough to see.
 */
export function usePages<Item>({ queryKey, load, isEnabled = true, refetchMs }: PagesOptions<Item>): Pages<Item> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    // Asking again means asking for every page that was scrolled to.
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    ...(refetchMs === undefined ? {} : { refetchInterval: refetchMs }),
  });
  const { data, hasNextPage, isFetchingNextPage, isFetching, fetchNextPage, error } = query;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  return {
    items,
    isEmpty: data !== undefined && items.length === 0 && !hasNextPage && !query.isPlaceholderData,
    isLoading: data === undefined && error === null,
    isStale: query.isPlaceholderData,
    isLoadingMore: isFetchingNextPage,
    hasMore: hasNextPage,
    error,
    loadMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}
