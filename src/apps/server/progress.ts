/** What the start tells a person: one line a step, on stdout, with the seconds it took. */
export type Progress = {
  say(line: string): void
  step<T>(what: string, work: () => Promise<T>): Promise<T>
}

const TELL_EVERY_MS = 5_000

export function progressTo(out: { write(text: string): unknown }): Progress {
  const say = (line: string) => {
    out.write(`${line}\n`)
  }
  return {
    say,
    async step(what, work) {
      const began = Date.now()
      const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`
      const timer = setInterval(() => say(`${what} … ${seconds()}`), TELL_EVERY_MS)
      try {
        const answer = await work()
        say(`${what} … ${seconds()}`)
        return answer
      } finally {
        clearInterval(timer)
      }
    },
  }
}
