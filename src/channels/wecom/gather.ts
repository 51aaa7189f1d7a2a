/**
 * Gathers asks into batches without making any wait for time: while one batch is at work the next fills, and a lone ask goes at
 * once. A batch that fails is done one by one, so that each ask fails for itself alone.
 */
export function gather<A, R>(work: (asks: A[]) => Promise<R[]>, max: number): (ask: A) => Promise<R> {
  type Waiting = { ask: A; resolve(answer: R): void; reject(error: unknown): void }
  let waiting: Waiting[] = []
  let busy = false

  const attempt = async (batch: Waiting[]): Promise<void> => {
    try {
      const answers = await work(batch.map((one) => one.ask))
      for (const [n, one] of batch.entries()) one.resolve(answers[n] as R)
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error)
      else for (const one of batch) await attempt([one])
    }
  }
  const go = async (): Promise<void> => {
    if (busy) return
    busy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, max)
      waiting = waiting.slice(max)
      await attempt(batch)
    }
    busy = false
  }
  return (ask) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ ask, resolve, reject })
      void go()
    })
}
