/** What a scenario came to. `ok` means nothing acknowledged is missing and nothing has taken effect twice. */
export type Outcome = {
  name: string
  /** Processes killed with signal 9. */
  kills: number
  /** What somebody outside was told is done. */
  acked: number
  /** What is there afterwards. */
  applied: number
  /** Acknowledged but not there. */
  lost: number
  /** There, or done, more than once. */
  twice: number
  ok: boolean
  seconds: number
  [more: string]: unknown
}

export type Options = {
  kills: number
  /** How much is asked for; each scenario says of what. */
  size?: number
  /** A line for a person who waits. */
  say(line: string): void
}

export type Scenario = {
  name: string
  /** What it shows, in one line. */
  about: string
  kills: number
  run(options: Options): Promise<Outcome>
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Polls until `check` gives something, at most `limit_ms`; what it throws meanwhile (a server that is down) counts as no. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | null | undefined | false>,
  limit_ms: number,
): Promise<T> {
  const end = Date.now() + limit_ms
  let last: unknown
  for (;;) {
    try {
      const answer = await check()
      if (answer) return answer
    } catch (error) {
      last = error
    }
    if (Date.now() > end)
      throw new Error(`${what}: not within ${limit_ms} ms${last ? ` (${(last as Error).message})` : ""}`)
    await pause(100)
  }
}

export type Victim = { name: string; weight: number; killAndRevive(): Promise<void> }

const BETWEEN_KILLS_MS = [200, 3_000] as const

/**
 * Kills one victim after another at moments nobody knows, each with signal 9, and brings it back: first each of them once, then by
 * chance. Gives how often each.
 */
export async function storm(
  kills: number,
  victims: readonly Victim[],
  say: (line: string) => void,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = Object.fromEntries(victims.map((v) => [v.name, 0]))
  for (let n = 0; n < kills; n++) {
    const [least, most] = BETWEEN_KILLS_MS
    await pause(least + Math.random() * (most - least))
    const victim = victims[n] ?? drawn(victims)
    say(`kill ${n + 1} of ${kills}: ${victim.name}`)
    counts[victim.name]!++
    await victim.killAndRevive()
  }
  return counts
}

function drawn(victims: readonly Victim[]): Victim {
  let left = Math.random() * victims.reduce((sum, v) => sum + v.weight, 0)
  for (const victim of victims) {
    left -= victim.weight
    if (left < 0) return victim
  }
  return victims[0]!
}
