/** Work that is done again and again until it is stopped. */
export type Loop = {
  name: string
  /** Does what is due; gives how much it found, so that a busy loop goes on at once. */
  round(): Promise<number>
  /** Pause after a round that found nothing. */
  rest_ms: number
  /** Pause after a round that failed, where it is another than ERROR_REST_MS. */
  error_rest_ms?: number
}

export type Running = {
  /** Something may be there: look now, also where a round is just under way. All loops, or those named. */
  wake(names?: readonly string[]): void
  /** Ends the rests, waits for the rounds under way, begins none. */
  stop(): Promise<void>
}

const ERROR_REST_MS = 2_000

/** Runs loops side by side, each resting between its rounds, longer after a failure. */
export function startLoops(loops: readonly Loop[], onError: (name: string, error: unknown) => void): Running {
  let stopping = false
  const threads = loops.map((loop) => new Thread(loop))
  const run = async (thread: Thread) => {
    const { loop } = thread
    while (!stopping) {
      try {
        thread.called = false
        if ((await loop.round()) === 0 && !stopping) await thread.rest(loop.rest_ms)
      } catch (error) {
        if (stopping) return
        onError(loop.name, error)
        thread.called = false
        await thread.rest(loop.error_rest_ms ?? ERROR_REST_MS)
      }
    }
  }
  const ends = threads.map(run)
  return {
    wake(names) {
      for (const thread of threads) if (!names || names.includes(thread.loop.name)) thread.call()
    },
    async stop() {
      stopping = true
      for (const thread of threads) thread.call()
      await Promise.all(ends)
    },
  }
}

class Thread {
  /** Called while its round was under way: what it was called for may have come too late for that round. */
  called = false
  private awake: (() => void) | null = null

  constructor(readonly loop: Loop) {}

  call(): void {
    this.called = true
    this.awake?.()
  }

  rest(ms: number): Promise<void> {
    if (this.called) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.awake?.(), ms)
      this.awake = () => {
        clearTimeout(timer)
        this.awake = null
        resolve()
      }
    })
  }
}
