import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query"
import { useState } from "react"
import {
  type CallAnswer,
  CallFailed,
  type CallInput,
  CallRefused,
  createClient,
} from "../../../kernel/client.ts"
import type { Endpoint } from "../../../kernel/contract.ts"
import { newKey } from "./keys.ts"
import { noteAnswer, noteError } from "./line.ts"

export const call = createClient()

const STALE_MS = 5_000
const DOWN_RETRIES = 2

/** A refusal is an answer and is not asked for again; a server that is away is. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteError, onSuccess: noteAnswer }),
  mutationCache: new MutationCache({ onError: noteError, onSuccess: noteAnswer }),
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      retry: (count, error) => error instanceof CallFailed && count < DOWN_RETRIES,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})

type Every = number | false
export type ReadOptions<Answer> = {
  enabled?: boolean
  /** How often it is asked again; may depend on what was answered. */
  every_ms?: Every | ((answer: Answer | undefined) => Every)
  keep?: boolean
}

/** Reads an endpoint; `keep` shows the last answer while the next one is on its way. */
export function useRead<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  options: ReadOptions<CallAnswer<E>> = {},
): UseQueryResult<CallAnswer<E>, Error> {
  const { every_ms = false } = options
  return useQuery({
    queryKey: [endpoint.id, input],
    queryFn: ({ signal }) => call(endpoint, { ...input, signal } as CallInput<E>),
    enabled: options.enabled ?? true,
    refetchInterval:
      typeof every_ms === "function"
        ? (query) => every_ms(query.state.data as CallAnswer<E> | undefined)
        : every_ms,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  }) as UseQueryResult<CallAnswer<E>, Error>
}

/**
 * Changes something and refreshes what shows it. One key for one intention: pressing again after a broken line repeats the
 * call with the same key, so it is done once.
 */
export function useChange<E extends Endpoint>(endpoint: E, refresh: string[] = []) {
  const queries = useQueryClient()
  const [intention, setIntention] = useState<{ body: string; key: string } | null>(null)
  return useMutation<CallAnswer<E>, Error, CallInput<E>>({
    mutationFn: async (input) => {
      const body = JSON.stringify(input)
      const key = intention?.body === body ? intention.key : newKey()
      setIntention({ body, key })
      const answer = await call(endpoint, { ...input, key } as CallInput<E>)
      setIntention(null)
      return answer
    },
    onError(error) {
      if (error instanceof CallRefused) setIntention(null)
    },
    onSuccess: () =>
      Promise.all(
        refresh.map((module) =>
          queries.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith(module) }),
        ),
      ),
  })
}
