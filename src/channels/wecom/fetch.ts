import type { z } from "zod"
import { type Db, type Tx, tx } from "../../platform/db.ts"
import { createGatherer } from "../../platform/gather.ts"
import type { Failure, Happening, HappeningOf } from "../protocol/index.ts"
import { type Client, failureIn } from "./client.ts"
import {
  CorpTags,
  catalogueOf,
  followOf,
  GetContact,
  GroupDetail,
  groupOf,
  profileOf,
  seenFollow,
  snapshotDigest,
} from "./decode.ts"
import { NO_GROUP, NO_RELATION } from "./errors.ts"
import {
  FETCH_BATCH,
  FETCH_LEASE_MS,
  GROUP_SETTLE_MS,
  GROUP_STALE_TRIES,
  PAGES_MAX,
  SETTLE_BATCH,
  SWEEP_GRACE_MS,
} from "./limits.ts"
import { type Group, type Relation, reconcile } from "./rules.ts"
import { changedDigest, groupsOf, keepGroups, keepRelations, relationsOf } from "./store-mirror.ts"
import { endWants, returnWants, stillWanted, takeWants, type WantRow } from "./store-wants.ts"
import type { Sink } from "./tell.ts"

export type FetchDeps = { db: Db; client: Client; sink: Sink; now(): Date }

/** What an answer said: a state, that there is none (any more), or no answer. */
type Seen =
  | { kind: "contact"; profile: HappeningOf<"profile"> | null; at: Date }
  | { kind: "group"; snapshot: HappeningOf<"group_snapshot"> | null; at: Date }
  | { kind: "tags"; catalogue: HappeningOf<"tag_catalogue">; at: Date }
type Fetched = { want: WantRow; seen: Seen } | { want: WantRow; failure: Failure }

/**
 * Fetches the states that are due, many at once, and tells them. Each is told in one transaction with the end of its want, and
 * only if nothing newer was heard since it was asked for; answers that come while others are being told go together. Gives how
 * many wants were taken.
 */
export async function fetchWanted(deps: FetchDeps): Promise<number> {
  const taken = await takeWants(deps.db, FETCH_BATCH, FETCH_LEASE_MS)
  const settling = createGatherer<Fetched, boolean>({
    work: (batch) => settle(deps, batch),
    batch: SETTLE_BATCH,
    in_flight: 1,
    waiting: FETCH_BATCH,
    busy: false,
  })
  await Promise.all(
    taken.map(async (want) => {
      try {
        await settling.ask(await ask(deps, want))
      } catch (error) {
        await returnWants(deps.db, [want], { error: (error as Error).message, failed: true })
      }
    }),
  )
  return taken.length
}

async function ask(deps: FetchDeps, want: WantRow): Promise<Fetched> {
  const at = deps.now()
  const origin = want.live ? "live" : "history"
  if (want.kind === "contact") return { want, ...(await askContact(deps.client, want.ref, at, origin)) }
  if (want.kind === "group") return { want, ...(await askGroup(deps.client, want.ref, at, origin)) }
  const answer = await deps.client.call("externalcontact/get_corp_tag_list", CorpTags, {
    json: {},
    repeatable: true,
  })
  if (!answer.ok) return { want, failure: failureIn(answer) }
  return { want, seen: { kind: "tags", catalogue: catalogueOf(answer.body, at, origin), at } }
}

type Asked = { seen: Seen } | { failure: Failure }

async function askContact(client: Client, ref: string, at: Date, origin: "live" | "history"): Promise<Asked> {
  let cursor = ""
  let first: z.infer<typeof GetContact> | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.call("externalcontact/get", GetContact, {
      query: { external_userid: ref, ...(cursor ? { cursor } : {}) },
      repeatable: true,
    })
    if (!answer.ok) {
      if (!answer.lost && NO_RELATION.has(Number(answer.failure.code)))
        return { seen: { kind: "contact", profile: null, at } }
      return { failure: failureIn(answer) }
    }
    if (first) first.follow_user.push(...answer.body.follow_user)
    else first = answer.body
    cursor = answer.body.next_cursor ?? ""
    if (!cursor) break
  }
  const follows = first!.follow_user.map(followOf)
  return {
    seen: { kind: "contact", profile: profileOf(first!.external_contact, follows, true, at, origin), at },
  }
}

export async function askGroup(
  client: Client,
  ref: string,
  at: Date,
  origin: "live" | "history",
): Promise<{ seen: Extract<Seen, { kind: "group" }> } | { failure: Failure }> {
  const answer = await client.call("externalcontact/groupchat/get", GroupDetail, {
    json: { chat_id: ref, need_name: 1 },
    repeatable: true,
  })
  if (answer.ok) return { seen: { kind: "group", snapshot: groupOf(answer.body, at, origin), at } }
  if (!answer.lost && NO_GROUP.has(Number(answer.failure.code)))
    return { seen: { kind: "group", snapshot: null, at } }
  return { failure: failureIn(answer) }
}

async function settle(deps: FetchDeps, batch: Fetched[]): Promise<boolean[]> {
  const seen: Told[] = []
  for (const fetched of batch) {
    if ("failure" in fetched) await putOff(deps.db, fetched.want, fetched.failure)
    else seen.push(fetched)
  }
  if (seen.length > 0) await tx(deps.db, (t) => tellSeen(t, deps.sink, seen))
  return batch.map(() => true)
}

/** Under a limit or a stop nothing is wrong with this want: it waits and does not count a try. */
async function putOff(db: Db, want: WantRow, failure: Failure): Promise<void> {
  const waits = failure.class === "wait_window" || failure.class === "stop"
  await returnWants(db, [want], {
    error: `${failure.code} ${failure.detail ?? ""}`,
    failed: !waits,
    ...(waits ? { delay_ms: failure.retry_after_ms ?? 60_000 } : {}),
  })
}

type Told = { want: WantRow; seen: Seen }
const nameOf = (want: WantRow) => `${want.kind} ${want.ref}`

async function tellSeen(t: Tx, sink: Sink, batch: Told[]): Promise<void> {
  const valid = await stillWanted(
    t,
    batch.map(({ want }) => want),
  )
  const outdated = batch.filter(({ want }) => !valid.has(nameOf(want))).map(({ want }) => want)
  await returnWants(t, outdated, { failed: false, delay_ms: 0 })
  const current = batch.filter(({ want }) => valid.has(nameOf(want)))
  const told = {
    happenings: [] as Happening[],
    done: [] as WantRow[],
    young: [] as WantRow[],
    behind: [] as WantRow[],
  }
  await tellProfiles(t, current, told)
  await tellSnapshots(t, current, told)
  for (const { want, seen } of current) {
    if (seen.kind !== "tags") continue
    if (await changedDigest(t, "tag_catalogue", snapshotDigest(seen.catalogue), seen.at))
      told.happenings.push(seen.catalogue)
    told.done.push(want)
  }
  await endWants(t, told.done)
  await returnWants(t, told.young, { failed: true, delay_ms: SWEEP_GRACE_MS })
  await returnWants(t, told.behind, { failed: true, delay_ms: GROUP_SETTLE_MS })
  if (told.happenings.length > 0) await sink(t, told.happenings)
}

type Telling = { happenings: Happening[]; done: WantRow[]; young: WantRow[]; behind: WantRow[] }

async function tellProfiles(t: Tx, batch: Told[], told: Telling): Promise<void> {
  const refs = batch.filter(({ seen }) => seen.kind === "contact").map(({ want }) => want.ref)
  if (refs.length === 0) return
  const held = await relationsOf(t, refs)
  const relations: Relation[] = []
  for (const { want, seen } of batch) {
    if (seen.kind !== "contact") continue
    const { profile, at: now } = seen
    const result = reconcile({
      external_ref: want.ref,
      held: [...held.get(want.ref)!.values()],
      seen: (profile?.follows ?? []).map((follow) => seenFollow(profile!, follow)),
      complete: true,
      now,
    })
    relations.push(...result.relations)
    told.happenings.push(...result.happenings)
    if (profile && (want.live || result.relations.length > 0)) told.happenings.push(profile)
    if (result.too_young) told.young.push(want)
    else told.done.push(want)
  }
  await keepRelations(t, relations)
}

async function tellSnapshots(t: Tx, batch: Told[], told: Telling): Promise<void> {
  const refs = batch.filter(({ seen }) => seen.kind === "group").map(({ want }) => want.ref)
  if (refs.length === 0) return
  const groups = await groupsOf(t, refs)
  const kept: Group[] = []
  for (const { want, seen } of batch) {
    if (seen.kind !== "group") continue
    const { snapshot, at: now } = seen
    const held = groups.get(want.ref)
    if (!snapshot) {
      told.done.push(want)
      if (!held || held.state === "dismissed") continue
      kept.push({ ...held, state: "dismissed", digest: null })
      told.happenings.push({ type: "group_dismissed", at: now, origin: "history", chat_ref: want.ref })
      continue
    }
    const behind = held?.expected_version && snapshot.version && held.expected_version !== snapshot.version
    if (behind && want.live && want.attempts < GROUP_STALE_TRIES) {
      told.behind.push(want)
      continue
    }
    told.done.push(want)
    const digest = snapshotDigest(snapshot)
    kept.push({
      chat_ref: want.ref,
      state: "active",
      version: snapshot.version,
      expected_version: snapshot.version,
      changed_at: held?.changed_at ?? snapshot.created_at ?? now,
      digest,
      gaps: held?.gaps ?? 0,
    })
    if (digest !== held?.digest || held.state !== "active") told.happenings.push(snapshot)
  }
  await keepGroups(t, kept)
}
