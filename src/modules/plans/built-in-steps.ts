/** The steps that built-in plays are written with. */
export const assign = (title: string, script: string, next: string | null) =>
  task({ kind: "journey", title, script }, next)

export const task = (
  args: {
    kind: string
    title: string
    script: string
    situation?: string
    account_function?: string
    due_days?: number
    evidence?: "none" | "text"
  },
  next: string | null,
  stage?: string,
) => ({
  kind: "action",
  action: { offer: "outbox.create_assignment", version: 1, args },
  next,
  ...(stage ? { stage } : {}),
})

export const say = (
  text: string,
  nature: "service" | "selling",
  next: string | null,
  more: { situation?: string } = {},
) => ({
  kind: "action",
  action: { offer: "outbox.send_message", version: 1, args: { text, nature, ...more } },
  next,
})

/** Until a clock time so many days after the play began. */
export const day = (days: number, at: string, next: string) => ({
  kind: "wait",
  from: "anchor",
  days,
  at,
  next,
})

/** Until a clock time so many days from here. */
export const later = (days: number, at: string, next: string) => ({
  kind: "wait",
  from: "here",
  days,
  at,
  next,
})

export const hear = (
  fact: string,
  where: Record<string, string | boolean>,
  days: number,
  answered: string,
  otherwise: string,
) => ({ kind: "wait_for", fact, where, hours: 24 * days, answered, otherwise })

export const ask = (
  offer: string,
  args: Record<string, unknown>,
  yes: string,
  no: string,
  stage?: string,
) => ({
  kind: "branch",
  condition: { all: [{ offer, version: 1, args }] },
  yes,
  no,
  ...(stage ? { stage } : {}),
})

export const leave = (reason: string) => ({ kind: "stop", reason })
