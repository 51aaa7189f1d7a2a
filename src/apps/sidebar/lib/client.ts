import { useCallback, useEffect, useRef, useState } from "react"
import {
  type CallAnswer,
  CallFailed,
  type CallInput,
  CallRefused,
  createClient,
} from "../../../kernel/client.ts"
import type { Endpoint } from "../../../kernel/contract.ts"
import { newKey } from "../../console/lib/keys.ts"
import { language, t } from "../words/use.ts"

export const call = createClient()
/** After so long without an answer the page says that it is the network. */
const SLOW_MS = 4_000

/** What went wrong, in a sentence a person can act on. */
export function problemText(error: unknown): string {
  if (error instanceof CallFailed) return t("down")
  if (error instanceof CallRefused)
    return language === "en" ? error.problem.message_en : error.problem.message
  return t("error_unknown")
}

export type Read<A> = { answer: A | null; error: unknown; slow: boolean; reload: () => void }

/** Reads an endpoint, and again whenever it is asked to or the page comes back into sight; what was read stays until then. */
export function useRead<E extends Endpoint>(endpoint: E, input: CallInput<E> | null): Read<CallAnswer<E>> {
  const [state, setState] = useState<{ answer: CallAnswer<E> | null; error: unknown }>({
    answer: null,
    error: null,
  })
  const [slow, setSlow] = useState(false)
  const asked = input === null ? null : JSON.stringify(input)
  const leave = useRef(() => {})
  const reload = useCallback(() => {
    leave.current()
    if (asked === null) return
    const stop = new AbortController()
    const late = setTimeout(() => setSlow(true), SLOW_MS)
    leave.current = () => {
      clearTimeout(late)
      stop.abort()
    }
    const settle = (
      next: (was: { answer: CallAnswer<E> | null }) => { answer: CallAnswer<E> | null; error: unknown },
    ) => {
      if (stop.signal.aborted) return
      clearTimeout(late)
      setSlow(false)
      setState(next)
    }
    call(endpoint, { ...JSON.parse(asked), signal: stop.signal } as CallInput<E>).then(
      (answer) => settle(() => ({ answer, error: null })),
      (error: unknown) => settle(({ answer }) => ({ answer, error })),
    )
  }, [endpoint, asked])
  useEffect(() => {
    reload()
    return () => leave.current()
  }, [reload])
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") reload()
    }
    document.addEventListener("visibilitychange", look)
    return () => document.removeEventListener("visibilitychange", look)
  }, [reload])
  return { ...state, slow, reload }
}

export type Act<E extends Endpoint> = {
  busy: boolean
  /** What to tell, and whether the same may simply be sent once more. */
  problem: { text: string; unsent: boolean } | null
  /** Gives the answer, or null where it came to nothing. */
  run(input: CallInput<E>): Promise<CallAnswer<E> | null>
  /** The last one once more, under the same key: what did arrive is not done twice. */
  again(): Promise<CallAnswer<E> | null>
  forget(): void
}

/** Changes something: one key for one intention, however often the line breaks. */
export function useAct<E extends Endpoint>(endpoint: E): Act<E> {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Act<E>["problem"]>(null)
  const intention = useRef<{ body: string; key: string; input: CallInput<E> } | null>(null)
  const run = async (input: CallInput<E>) => {
    const body = JSON.stringify(input)
    const key = intention.current?.body === body ? intention.current.key : newKey()
    intention.current = { body, key, input }
    setBusy(true)
    setProblem(null)
    try {
      const answer = await call(endpoint, { ...input, key } as CallInput<E>)
      intention.current = null
      return answer
    } catch (error) {
      const unsent = error instanceof CallFailed
      if (!unsent) intention.current = null
      setProblem({ text: unsent ? t("unsent") : problemText(error), unsent })
      return null
    } finally {
      setBusy(false)
    }
  }
  return {
    busy,
    problem,
    run,
    again: async () => (intention.current ? run(intention.current.input) : null),
    forget() {
      intention.current = null
      setProblem(null)
    },
  }
}
