import type { Context } from "../../platform/http/index.ts"
import type { Registry } from "../../spine/offers/index.ts"
import {
  type Assignment,
  openAboutCustomer,
  render,
  type TouchOfCustomer,
  touchesOfCustomer,
} from "../../spine/outbox/index.ts"
import { playsOfEnrolments } from "../../spine/plays/index.ts"
import { type Account, accountsById, accountsHeldBy, personaOf, scriptsOf } from "../accounts/index.ts"
import { describeCustomer, type InChat, personInChat, profileOf } from "../customers/index.ts"
import { assignmentRows, assignmentsSeenBy } from "../plans/index.ts"
import { sendNames } from "../sends/index.ts"
import type { Role } from "../staff/contract.ts"
import { personasOf, wornFor } from "../tags/index.ts"
import { ASSIGNMENTS_SHOWN } from "./limits.ts"
import { accountOfChat, causeOf, friendshipOf, nextStep } from "./rules.ts"

/** What is left out of the profile: the page says it elsewhere. */
const SAID_ELSEWHERE = new Set(["tags.all", "customers.owner", "customers.accounts"])

type Ask = { external_userid: string; account_id?: string | undefined }

/** The whole page for one chat, as whoever asks may see it. */
export async function sidebarOf(ctx: Context, registry: Registry, ask: Ask) {
  const person = await personInChat(ctx.db, ask.external_userid)
  const head = {
    shop_now: ctx.now,
    me: { name: ctx.actor.name, role: ctx.actor.role as Role },
    may: { tag: ctx.actor.can("tags.write"), finish: ctx.actor.can("plans.write") },
  }
  const nobody = { ...head, account: null, friendship: null, customer: null }
  if (!person) return { ...nobody, state: "unknown" as const }
  const profile = await profileOf(ctx.db, person.customer_id, ctx.actor.scope)
  if (!profile) return { ...nobody, state: "out_of_scope" as const }
  const account = await accountOf(ctx, person, ask.account_id)
  const friendship = friendshipOf(person.contacts, account?.id ?? null)
  const contact = person.contacts.find((c) => c.account_id === account?.id)
  const [told, tags, open, [touch], voice] = await Promise.all([
    describeCustomer(ctx, profile, registry),
    wornFor(ctx.db, profile.id, ctx.actor.role),
    ctx.actor.can("plans.read")
      ? openAboutCustomer(ctx.db, profile.id, assignmentsSeenBy(ctx), ASSIGNMENTS_SHOWN)
      : [],
    touchesOfCustomer(ctx.db, profile.id, { part: "got", before: null, limit: 1 }),
    account && ctx.actor.can("accounts.read")
      ? voiceOf(ctx, account, profile.id, contact?.remark || profile.name)
      : null,
  ])
  const text = (name: string) => {
    const value = told.traits.find((trait) => trait.name === name)?.value
    return typeof value === "string" ? value : null
  }
  const next = nextStep(
    {
      friend: friendship.state === "friend",
      added_at: friendship.since,
      opted_out: profile.opted_out_at !== null,
      stage: text("customers.stage"),
      standing: text("customers.standing"),
      activity: text("customers.activity"),
      assignment_id: open[0]?.id ?? null,
    },
    ctx.now,
  )
  const { contacts: _, avatar: __, owner_staff_id: ___, ...known } = told
  return {
    ...head,
    state: "known" as const,
    account: account
      ? { id: account.id, name: account.name, function: account.function, ...(voice ?? SILENT) }
      : null,
    friendship,
    customer: {
      ...known,
      remark: contact?.remark ?? "",
      traits: told.traits.filter((trait) => !SAID_ELSEWHERE.has(trait.name)),
      tags: tags.map(({ by_id: _, ...tag }) => tag),
      next,
      assignments: await withCauses(ctx, profile.id, open),
      last_touch: lastTouch(touch, profile.name),
    },
  }
}

const SILENT = { persona: null, scripts: [] }

async function accountOf(ctx: Context, person: InChat, asked: string | undefined): Promise<Account | null> {
  const mine = await accountsHeldBy(ctx.db, ctx.actor.staff_id)
  const id = accountOfChat(person.contacts, asked, new Set(mine.map((a) => a.id)))
  if (id === null) return null
  const [account] = await accountsById(ctx.db, [id])
  return account ?? null
}

/** What the account says, and how: its lines as this customer would read them, those for their kind of people first. */
async function voiceOf(ctx: Context, account: Account, customer_id: string, name: string) {
  const [persona, scripts, personas] = await Promise.all([
    personaOf(ctx.db, account.id),
    scriptsOf(ctx.db, account),
    personasOf(ctx.db, [customer_id]),
  ])
  const theirs = new Set(personas.get(customer_id))
  const said = [
    ...scripts.filter((s) => s.persona_tag_id !== null && theirs.has(s.persona_tag_id)),
    ...scripts.filter((s) => s.persona_tag_id === null),
  ]
  return {
    persona: persona.tone || persona.taboo ? { tone: persona.tone, taboo: persona.taboo } : null,
    scripts: said.map(({ id, situation, text, shared }) => ({
      id,
      situation,
      text: render(text, { name }),
      shared,
    })),
  }
}

async function withCauses(ctx: Context, customer_id: string, open: readonly Assignment[]) {
  const causes = open.map((a) => causeOf(a.cause_key))
  const ids = (kind: "play" | "send") => causes.flatMap((c) => (c?.kind === kind ? [c.id] : []))
  const [rows, plays, sends] = await Promise.all([
    assignmentRows(ctx.db, open),
    playsOfEnrolments(ctx.db, customer_id, ids("play")),
    sendNames(ctx.db, ids("send")),
  ])
  return rows.map((row, n) => {
    const from = causes[n]
    if (!from) return { ...row, cause: null }
    const play = from.kind === "play" ? plays.get(from.id) : undefined
    const name = play?.name ?? sends.get(from.id)
    return { ...row, cause: name ? { kind: from.kind, id: play?.play_id ?? from.id, name } : null }
  })
}

function lastTouch(touch: TouchOfCustomer | undefined, name: string) {
  return touch ? { at: touch.at, text: render(touch.text, { name }) } : null
}
