/** Named points at which a test makes a process die or an error appear. Nothing happens unless one is set. */
export type FaultPoint = "ledger:before-commit" | "ledger:after-commit-before-ack" | (string & {})

type Armed = { left: number; act: () => void }
const armed = new Map<string, Armed>()

/** `SIYU_FAULT=ledger:after-commit-before-ack@20`: the process kills itself at the 20th passing, as a power cut would. */
const fromEnvironment = /^(.+)@(\d+)$/.exec(process.env.SIYU_FAULT ?? "")
if (fromEnvironment && process.env.NODE_ENV !== "production")
  armFault(fromEnvironment[1]!, () => process.kill(process.pid, "SIGKILL"), Number(fromEnvironment[2]))

/** The `nth` passing of the point does `act` once (which may throw). */
export function armFault(point: FaultPoint, act: () => void, nth = 1): void {
  armed.set(point, { left: nth, act })
}

export function fault(point: FaultPoint): void {
  if (armed.size === 0) return
  const found = armed.get(point)
  if (!found || --found.left > 0) return
  armed.delete(point)
  found.act()
}
