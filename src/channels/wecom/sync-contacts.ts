import type { Tx } from "../../platform/db.ts"
import type { Happening, HappeningOf } from "../protocol/index.ts"
import { failureIn } from "./client.ts"
import { followOf, GetByUser, profileOf, seenFollow } from "./decode.ts"
import { BAD_CURSOR, NO_RELATION } from "./errors.ts"
import { SYNC_PAGE, SYNC_RESTARTS, SYNC_STAFF_AT_ONCE } from "./limits.ts"
import { type Relation, reconcile, type Want } from "./rules.ts"
import { keepRelations, relationsOf } from "./store-mirror.ts"
import type { Run } from "./store-runs.ts"
import { doubtful, lockTelling, machineNow, markSeen, unseenContacts, unseenElsewhere } from "./store-sync.ts"
import { addWants } from "./store-wants.ts"
import type { StepAnswer, SyncDeps } from "./sync-step.ts"

/** One page of customers of a chunk of accounts. */
export async function syncContacts(deps: SyncDeps, state: Run): Promise<StepAnswer> {
  const { accounts = [], from = 0, cursor = "" } = state.position
  const chunk = accounts.slice(from, from + SYNC_STAFF_AT_ONCE)
  if (chunk.length === 0) return closeContacts(state, accounts)
  const asked_at = await machineNow(deps.db)
  const at = deps.now()
  const answer = await deps.client.call("externalcontact/batch/get_by_user", GetByUser, {
    json: { userid_list: chunk, limit: SYNC_PAGE, ...(cursor ? { cursor } : {}) },
    repeatable: true,
  })
  const code = !answer.ok && !answer.lost ? Number(answer.failure.code) : 0
  const restarts = (state.position.restarts ?? 0) + 1
  if (code === BAD_CURSOR && cursor && restarts <= SYNC_RESTARTS)
    return {
      after: { ...state, position: { ...state.position, cursor: "", restarts } },
      tell: async () => [],
    }
  if (!answer.ok && !NO_RELATION.has(code)) return { failure: failureIn(answer) }
  const list = answer.ok ? answer.body.external_contact_list : []
  const next = answer.ok ? (answer.body.next_cursor ?? "") : ""
  const profiles = profilesOf(list, at)
  const after: Run = {
    ...state,
    position: next
      ? { ...state.position, cursor: next }
      : { ...state.position, from: from + chunk.length, cursor: "" },
    progress: {
      ...state.progress,
      contacts: state.progress.contacts + list.length,
      accounts_done: next ? from : Math.min(from + chunk.length, accounts.length),
    },
    report: { ...state.report, contacts: { ...state.report.contacts } },
  }
  return {
    after,
    async tell(t) {
      const happenings = await tellPage(t, profiles, asked_at, at, after)
      if (!next) await suspect(t, await unseenContacts(t, chunk, state.begun_at), after)
      return happenings
    },
  }
}

function profilesOf(
  list: { external_contact: Parameters<typeof profileOf>[0]; follow_info: Parameters<typeof followOf>[0] }[],
  at: Date,
): HappeningOf<"profile">[] {
  const byPerson = new Map<string, HappeningOf<"profile">>()
  for (const { external_contact, follow_info } of list) {
    const held = byPerson.get(external_contact.external_userid)
    if (held) held.follows.push(followOf(follow_info))
    else
      byPerson.set(
        external_contact.external_userid,
        profileOf(external_contact, [followOf(follow_info)], false, at, "history"),
      )
  }
  return [...byPerson.values()]
}

async function tellPage(
  t: Tx,
  profiles: HappeningOf<"profile">[],
  asked_at: Date,
  now: Date,
  after: Run,
): Promise<Happening[]> {
  if (profiles.length === 0) return []
  await lockTelling(t)
  const refs = profiles.map((profile) => profile.external_ref)
  const skipped = await doubtful(t, "contact", refs, asked_at)
  const held = await relationsOf(t, refs)
  const found = after.report.contacts
  const happenings: Happening[] = []
  const relations: Relation[] = []
  const young: Want[] = []
  for (const profile of profiles) {
    found.seen += profile.follows.length
    if (skipped.has(profile.external_ref)) continue
    const result = reconcile({
      external_ref: profile.external_ref,
      held: [...held.get(profile.external_ref)!.values()],
      seen: profile.follows.map((follow) => seenFollow(profile, follow)),
      complete: false,
      now,
    })
    found.added += result.found.added
    found.changed += result.found.changed
    if (result.too_young) young.push({ kind: "contact", ref: profile.external_ref, settle: false })
    relations.push(...result.relations)
    happenings.push(...result.happenings)
    if (result.relations.length > 0) happenings.push(profile)
  }
  await keepRelations(t, relations)
  await addWants(t, young, false)
  await markSeen(
    t,
    profiles.flatMap(({ external_ref, follows }) =>
      follows.map(({ account_ref }) => ({ external_ref, account_ref })),
    ),
  )
  return happenings
}

/** What did not show is asked about one by one before its end is told. */
async function suspect(t: Tx, external_refs: string[], after: Run): Promise<void> {
  after.report.contacts.missing += external_refs.length
  await addWants(
    t,
    external_refs.sort().map((ref) => ({ kind: "contact", ref, settle: false })),
    false,
  )
}

/** All accounts are done: relations to accounts that serve nobody any more are asked about too. */
function closeContacts(state: Run, accounts: readonly string[]): StepAnswer {
  const after: Run = {
    ...state,
    stage: "groups",
    position: { accounts: [...accounts], from: 0, cursor: "" },
    report: { ...state.report, contacts: { ...state.report.contacts } },
  }
  return {
    after,
    async tell(t) {
      await suspect(t, await unseenElsewhere(t, accounts, state.begun_at), after)
      return []
    },
  }
}
