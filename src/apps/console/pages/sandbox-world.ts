/** The sandbox answers in its own words; this is what the panel reads of them. */
export type World = {
  clock: { now_ms: number; rate: number; paused: boolean }
  scenario: string
  people: number
  newcomers: number
  groups: number
  live_orders: number
  live_paid_fen: number
  callbacks: number
  waiting: number
  history_share: number
  faults: Faults
  happenings: { at: number; text: string }[]
}
export type Faults = Record<string, Record<string, unknown>>

type Loose = Record<string, unknown>
const part = (value: unknown): Loose => (typeof value === "object" && value !== null ? (value as Loose) : {})
const num = (value: unknown) => (typeof value === "number" ? value : 0)

export function readWorld(state: Loose): World {
  const clock = part(state.clock)
  const totals = part(state.totals)
  return {
    clock: { now_ms: num(clock.now_ms), rate: num(clock.rate), paused: clock.paused === true },
    scenario: typeof state.scenario === "string" ? state.scenario : "",
    people: num(state.people),
    newcomers: num(state.newcomers),
    groups: num(state.groups),
    live_orders: num(totals.live_orders),
    live_paid_fen: num(totals.live_paid_fen),
    callbacks: num(totals.callbacks),
    waiting: Object.values(part(state.waiting)).reduce<number>((sum, n) => sum + num(n), 0),
    history_share: num(part(state.history).share),
    faults: part(state.faults) as Faults,
    happenings: Array.isArray(state.happenings) ? (state.happenings as World["happenings"]) : [],
  }
}

export type SandboxPerson = { external_userid: string; name: string; lost: string[] }

/** People of the view of that name, and with whom each has ended. */
export function peopleIn(answer: Loose): SandboxPerson[] {
  return Array.isArray(answer.people) ? answer.people.map((one) => personIn(part(one))) : []
}

function personIn(one: Loose): SandboxPerson {
  const follows = Array.isArray(one.follows) ? one.follows.map(part) : []
  return {
    external_userid: String(one.external_userid ?? ""),
    name: String(one.name ?? ""),
    lost: follows.filter((follow) => follow.lost === true).map((follow) => String(follow.userid)),
  }
}

export type Said = { key: string; at: number; by: "member" | "customer"; text: string }

export function chatIn(answer: Loose): { name: string; friend: boolean; said: Said[] } {
  const said = Array.isArray(answer.said) ? answer.said.map(part) : []
  // What is said is never taken back: a line is known by its moment, and by its turn among those of one moment.
  const turns = new Map<number, number>()
  const keyOf = (at: number) => {
    turns.set(at, (turns.get(at) ?? 0) + 1)
    return `${at} ${turns.get(at)}`
  }
  return {
    name: personIn(part(answer.person)).name,
    friend: answer.friend === "yes",
    said: said.map((one) => ({
      key: keyOf(num(one.at)),
      at: num(one.at),
      by: one.by === "customer" ? "customer" : "member",
      text: String(one.text ?? ""),
    })),
  }
}

const TENTH = 0.1
const SOME = 0.3
const SLOW_MS = 2_000

function shareOf(section: string, field: string, word: FaultWord, share: number) {
  return {
    word,
    isOn: (faults: Faults) => num(faults[section]?.[field]) > 0,
    on: { [section]: { [field]: share } },
    off: { [section]: { [field]: 0 } },
  }
}
function switchOf(section: string, field: string, word: FaultWord) {
  return {
    word,
    isOn: (faults: Faults) => faults[section]?.[field] === true,
    on: { [section]: { [field]: true } },
    off: { [section]: { [field]: false } },
  }
}

type FaultWord =
  | "fault_lost"
  | "fault_doubled"
  | "fault_reordered"
  | "fault_late"
  | "fault_down"
  | "fault_slow"
  | "fault_shop"

export const faultSwitches = [
  shareOf("callback", "lost", "fault_lost", TENTH),
  shareOf("callback", "doubled", "fault_doubled", SOME),
  shareOf("callback", "reordered", "fault_reordered", SOME),
  shareOf("callback", "late", "fault_late", SOME),
  switchOf("api", "down", "fault_down"),
  shareOf("api", "latency_ms", "fault_slow", SLOW_MS),
  switchOf("shop", "paused", "fault_shop"),
]
