import type { z } from "zod"
import { type Db, type Tx, tx } from "../../platform/db.ts"
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
  SWEEP_GRACE_MS,
} from "./limits.ts"
import { reconcile } from "./rules.ts"
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
 * only if nothing newer was heard since it was asked for. Gives how many wants were taken.
 */
export async function fetchWanted(deps: FetchDeps): Promise<number> {
  const taken = await takeWants(deps.db, FETCH_BATCH, FETCH_LEASE_MS)
  await Promise.all(
    taken.map(async (want) => {
      try {
        await settle(deps, await ask(deps, want))
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

async function settle(deps: FetchDeps, fetched: Fetched): Promise<void> {
  const { want } = fetched
  if ("failure" in fetched) {
    const { code, detail, retry_after_ms, class: name } = fetched.failure
    // Under a limit or a stop nothing is wrong with this want: it waits and does not count a try.
    const waits = name === "wait_window" || name === "stop"
    return returnWants(deps.db, [want], {
      error: `${code} ${detail ?? ""}`,
      failed: !waits,
      ...(waits ? { delay_ms: retry_after_ms ?? 60_000 } : {}),
    })
  }
  await tx(deps.db, async (t) => {
    if (!(await stillWanted(t, [want])).has(`${want.kind} ${want.ref}`))
      return returnWants(t, [want], { failed: false, delay_ms: want.kind === "group" ? GROUP_SETTLE_MS : 0 })
    const again_ms = await tell(t, deps.sink, want, fetched.seen)
    if (again_ms === undefined) await endWants(t, [want])
    else await returnWants(t, [want], { failed: true, delay_ms: again_ms })
  })
}

/** Gives after how long to look again, where the answer is not final yet. */
async function tell(t: Tx, sink: Sink, want: WantRow, seen: Seen): Promise<number | undefined> {
  if (seen.kind === "contact") return tellProfile(t, sink, want.ref, seen.profile, seen.at, want.live)
  if (seen.kind === "group") return tellSnapshot(t, sink, want, seen.snapshot, seen.at)
  if (await changedDigest(t, "tag_catalogue", snapshotDigest(seen.catalogue), seen.at))
    await sink(t, [seen.catalogue])
  return undefined
}

async function tellProfile(
  t: Tx,
  sink: Sink,
  external_ref: string,
  profile: HappeningOf<"profile"> | null,
  now: Date,
  always: boolean,
): Promise<number | undefined> {
  const held = [...(await relationsOf(t, [external_ref])).get(external_ref)!.values()]
  const seen = (profile?.follows ?? []).map((follow) => seenFollow(profile!, follow))
  const result = reconcile({ external_ref, held, seen, complete: true, now })
  await keepRelations(t, result.relations)
  const happenings: Happening[] = [...result.happenings]
  if (profile && (always || result.relations.length > 0)) happenings.push(profile)
  if (happenings.length > 0) await sink(t, happenings)
  return result.too_young ? SWEEP_GRACE_MS : undefined
}

async function tellSnapshot(
  t: Tx,
  sink: Sink,
  want: WantRow,
  snapshot: HappeningOf<"group_snapshot"> | null,
  now: Date,
): Promise<number | undefined> {
  const held = (await groupsOf(t, [want.ref])).get(want.ref)
  if (!snapshot) {
    if (!held || held.state === "dismissed") return undefined
    await keepGroups(t, [{ ...held, state: "dismissed", digest: null }])
    await sink(t, [{ type: "group_dismissed", at: now, origin: "history", chat_ref: want.ref }])
    return undefined
  }
  const behind = held?.expected_version && snapshot.version && held.expected_version !== snapshot.version
  if (behind && want.live && want.attempts < GROUP_STALE_TRIES) return GROUP_SETTLE_MS
  const digest = snapshotDigest(snapshot)
  await keepGroups(t, [
    {
      chat_ref: want.ref,
      state: "active",
      version: snapshot.version,
      expected_version: snapshot.version,
      changed_at: held?.changed_at ?? snapshot.created_at ?? now,
      digest,
      gaps: held?.gaps ?? 0,
    },
  ])
  if (digest !== held?.digest || held.state !== "active") await sink(t, [snapshot])
  return undefined
}
