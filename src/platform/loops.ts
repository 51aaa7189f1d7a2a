/** Work that is done again and again until it is stopped: each loop rests between rounds, longer after a failure. */
export type Loop = {
  name: string
  /** Does what is due; gives how much it found, so that a busy loop goes on at once. */
  round(): Promise<number>
  rest_ms: number
}

const ERROR_REST_MS = 2_000

export function startLoops(
  loops: readonly Loop[],
  onError: (name: string, error: unknown) => void,
): { stop(): Promise<void>; wake(): void } {
  let stopping = false
  const resting = new Set<() => void>()
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        resting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      resting.add(done)
    })
  const wake = () => {
    for (const go of [...resting]) go()
  }
  const run = async (loop: Loop) => {
    while (!stopping) {
      try {
        if ((await loop.round()) === 0 && !stopping) await rest(loop.rest_ms)
      } catch (error) {
        if (stopping) return
        onError(loop.name, error)
        await rest(ERROR_REST_MS)
      }
    }
  }
  const running = loops.map(run)
  return {
    wake,
    async stop() {
      stopping = true
      wake()
      await Promise.all(running)
    },
  }
}
