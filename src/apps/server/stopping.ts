/** Two signals this close together are one wish: a terminal's Ctrl-C reaches us directly and through `npm start`. */
const ONE_WISH_MS = 1_000

export type Stopping = {
  /** Resolves at the first INT or TERM, or at the end of the process that started us. */
  asked: Promise<string>
  /** Aborted by a second signal: what can be cut short is. */
  hasten: AbortSignal
  end(): void
}

/** Listens for the wish to end. While it listens no signal ends the process by itself. */
export function listenForStop(emitter: NodeJS.Process = process): Stopping {
  const hasten = new AbortController()
  let first = 0
  let told: (why: string) => void = () => undefined
  const asked = new Promise<string>((resolve) => {
    told = resolve
  })
  const ask = (why: string) => {
    if (first === 0) {
      first = Date.now()
      told(why)
    } else if (Date.now() - first > ONE_WISH_MS) hasten.abort()
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
  for (const signal of signals) emitter.on(signal, ask)
  const look = watchParent(emitter, ask)
  return {
    asked,
    hasten: hasten.signal,
    end() {
      clearInterval(look)
      for (const signal of signals) emitter.off(signal, ask)
    },
  }
}

/** `npm start` killed outright cannot pass anything on: then nobody sits in front of us any more. */
function watchParent(emitter: NodeJS.Process, ask: (why: string) => void): NodeJS.Timeout | undefined {
  const parent = Number(emitter.env.SIYU_STARTED_BY)
  if (!parent) return undefined
  let told = false
  const look = setInterval(() => {
    if (told || emitter.ppid === parent) return
    told = true
    ask("the process that started us has gone")
  }, 500)
  look.unref()
  return look
}

/** Waits for `work`, but no longer than `ms` and no longer than until `hasten`. True when it was done in time. */
export async function atMost(work: Promise<unknown>, ms: number, hasten?: AbortSignal): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
    hasten?.addEventListener("abort", () => resolve(false), { once: true })
    if (hasten?.aborted) resolve(false)
  })
  try {
    return await Promise.race([work.then(() => true as const), late])
  } finally {
    clearTimeout(timer)
  }
}
