import type { Tx } from "../../platform/db.ts"
import type { Failure, Happening } from "../protocol/index.ts"
import { failureIn } from "./client.ts"
import { GroupList, snapshotDigest } from "./decode.ts"
import { BAD_CURSOR } from "./errors.ts"
import { askGroup } from "./fetch.ts"
import { SYNC_GROUP_PAGE, SYNC_RESTARTS, SYNC_STAFF_AT_ONCE } from "./limits.ts"
import type { Group } from "./rules.ts"
import { groupsOf, keepGroups } from "./store-mirror.ts"
import type { Run } from "./store-runs.ts"
import { doubtful, lockTelling, machineNow, markGroupsSeen, unseenGroups } from "./store-sync.ts"
import { addWants } from "./store-wants.ts"
import type { StepAnswer, SyncDeps } from "./sync-step.ts"

/** The scope is too large to list groups without naming owners. */
const SCOPE_TOO_LARGE = 81017

type Seen = { ref: string; snapshot: Extract<Happening, { type: "group_snapshot" }> }

/** One page of groups with their details, fetched side by side. */
export async function syncGroups(deps: SyncDeps, state: Run): Promise<StepAnswer> {
  const { accounts = [], from = 0, cursor = "", by_owner = false } = state.position
  const owners = accounts.slice(from, from + SYNC_STAFF_AT_ONCE)
  if (by_owner && owners.length === 0) return finish(deps, state)
  const asked_at = await machineNow(deps.db)
  const at = deps.now()
  const page = await deps.client.call("externalcontact/groupchat/list", GroupList, {
    json: {
      status_filter: 0,
      limit: SYNC_GROUP_PAGE,
      ...(by_owner ? { owner_filter: { userid_list: owners } } : {}),
      ...(cursor ? { cursor } : {}),
    },
    repeatable: true,
  })
  if (!page.ok) {
    const code = page.lost ? 0 : Number(page.failure.code)
    const restart = (position: Run["position"]): StepAnswer => ({
      after: { ...state, position: { ...state.position, ...position } },
      tell: async () => [],
    })
    if (code === SCOPE_TOO_LARGE && !by_owner) return restart({ by_owner: true, from: 0, cursor: "" })
    const restarts = (state.position.restarts ?? 0) + 1
    if (code === BAD_CURSOR && cursor && restarts <= SYNC_RESTARTS) return restart({ cursor: "", restarts })
    return { failure: failureIn(page) }
  }
  const details = await Promise.all(
    page.body.group_chat_list.map(({ chat_id }) => askGroup(deps.client, chat_id, at, "history")),
  )
  const failed = details.find((detail): detail is { failure: Failure } => "failure" in detail)
  if (failed) return { failure: failed.failure }
  const seen = details.flatMap((detail): Seen[] =>
    "seen" in detail && detail.seen.snapshot
      ? [{ ref: detail.seen.snapshot.chat_ref, snapshot: detail.seen.snapshot }]
      : [],
  )
  const next = page.body.next_cursor ?? ""
  const done = !next && !by_owner
  const after: Run = {
    ...state,
    position: next
      ? { ...state.position, cursor: next }
      : {
          ...state.position,
          from: by_owner ? from + owners.length : accounts.length,
          by_owner: true,
          cursor: "",
        },
    progress: { ...state.progress, groups: state.progress.groups + seen.length },
    report: { ...state.report, groups: { ...state.report.groups } },
  }
  return {
    after,
    async tell(t) {
      const happenings = await tellPage(t, seen, asked_at, at, after)
      if (done) await close(t, state, after, at)
      return happenings
    },
  }
}

async function tellPage(t: Tx, seen: Seen[], asked_at: Date, now: Date, after: Run): Promise<Happening[]> {
  await lockTelling(t)
  const refs = seen.map(({ ref }) => ref)
  const skipped = await doubtful(t, "group", refs, asked_at)
  const held = await groupsOf(t, refs)
  const found = after.report.groups
  const happenings: Happening[] = []
  const kept: Group[] = []
  for (const { ref, snapshot } of seen) {
    found.seen++
    if (skipped.has(ref)) continue
    const before = held.get(ref)
    const digest = snapshotDigest(snapshot)
    if (before?.digest === digest && before.state === "active") continue
    if (before) found.changed++
    else found.added++
    kept.push({
      chat_ref: ref,
      state: "active",
      version: snapshot.version,
      expected_version: snapshot.version,
      changed_at: before?.changed_at ?? snapshot.created_at ?? now,
      digest,
      gaps: before?.gaps ?? 0,
    })
    happenings.push(snapshot)
  }
  await keepGroups(t, kept)
  await markGroupsSeen(t, refs)
  return happenings
}

async function finish(deps: SyncDeps, state: Run): Promise<StepAnswer> {
  const after: Run = { ...state, report: { ...state.report, groups: { ...state.report.groups } } }
  const now = deps.now()
  return {
    after,
    async tell(t) {
      await close(t, state, after, now)
      return []
    },
  }
}

async function close(t: Tx, state: Run, after: Run, now: Date): Promise<void> {
  const missing = await unseenGroups(t, state.begun_at)
  after.report.groups.missing = missing.length
  await addWants(
    t,
    missing.sort().map((ref) => ({ kind: "group", ref, settle: false })),
    false,
  )
  after.stage = "done"
  after.finished_at = now
}
