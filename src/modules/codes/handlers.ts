import type { Tx } from "../../platform/db.ts"
import type { Fact, FactHandler } from "../../spine/facts/index.ts"
import { contactAdded } from "../customers/index.ts"
import { codesByState } from "./store.ts"

export type CodesActs = {
  /** Puts the welcome into the outbox's quick lane; late ones are reported there, never sent. */
  welcome(
    t: Tx,
    greetings: {
      key: string
      customer_id: string
      account_id: string
      external_userid: string
      code: string
      until: Date
      text: string
    }[],
    now: Date,
  ): Promise<void>
  tag(t: Tx, given: { customer_id: string; tag_ids: string[]; code_id: string }[], now: Date): Promise<void>
}

const DEFAULT_WELCOME = "你好，很高兴认识你！有任何问题都可以直接问我。"

/** What a scanned code leads to: its welcome within the channel's seconds, and its tags. */
export function handlers(acts: CodesActs): FactHandler[] {
  const read = async (t: Tx, facts: Fact[]) => {
    const added = facts.filter(contactAdded.is)
    const codes = await codesByState(t, [
      ...new Set(added.flatMap((f) => (f.payload.state ? [f.payload.state] : []))),
    ])
    return { added, byState: new Map(codes.map((c) => [c.state, c])) }
  }
  return [
    {
      name: "codes.welcome",
      types: [contactAdded.type],
      origins: "live",
      async handle(t, facts, now) {
        const { added, byState } = await read(t, facts)
        await acts.welcome(
          t,
          added.flatMap((f) => {
            const { welcome_code, welcome_until, account_id, external_userid, state } = f.payload
            if (!welcome_code || !welcome_until) return []
            const text = (state && byState.get(state)?.welcome_text) || DEFAULT_WELCOME
            // Machine time: the platform's own seconds, which no shop clock changes.
            const until = new Date(welcome_until)
            return [
              {
                key: `welcome:${welcome_code}`,
                customer_id: f.subject,
                account_id,
                external_userid,
                code: welcome_code,
                until,
                text,
              },
            ]
          }),
          now,
        )
      },
    },
    {
      name: "codes.tags",
      types: [contactAdded.type],
      origins: "live",
      async handle(t, facts, now) {
        const { added, byState } = await read(t, facts)
        await acts.tag(
          t,
          added.flatMap((f) => {
            const code = f.payload.state ? byState.get(f.payload.state) : undefined
            return code && code.tag_ids.length > 0
              ? [{ customer_id: f.subject, tag_ids: code.tag_ids, code_id: code.id }]
              : []
          }),
          now,
        )
      },
    },
  ]
}
