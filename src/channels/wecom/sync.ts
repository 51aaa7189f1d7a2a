import { randomUUID } from "node:crypto"
import { tx } from "../../platform/db.ts"
import type { Failure } from "../protocol/index.ts"
import { failureIn } from "./client.ts"
import { CorpTags, catalogueOf, FollowUsers, snapshotDigest, staffOf, UserList } from "./decode.ts"
import { SYNC_LEASE_MS } from "./limits.ts"
import { reviveCallbacks } from "./store-callbacks.ts"
import { changedDigest } from "./store-mirror.ts"
import { dropRun, keepRun, type Position, type Run, type SyncReport, takeRun } from "./store-runs.ts"
import { reviveWants } from "./store-wants.ts"
import { syncContacts } from "./sync-contacts.ts"
import { syncGroups } from "./sync-groups.ts"
import type { StepAnswer, SyncDeps } from "./sync-step.ts"

export type SyncAnswer =
  | { finished: true; report: SyncReport }
  | { finished: false; failure: Failure }
  | { refused: "running_elsewhere" }

/**
 * Brings everything in line with the platform: staff, tags, customers, groups. Each page is told in one transaction with where
 * the run stands, so it may be ended anywhere and goes on there. `full` and `sweep` are the same work; a sweep's report is the
 * list of what callbacks had lost. Relations and groups that did not show are fetched one by one by the worker before anything
 * is told of their end. `stop` is asked between steps.
 */
export async function runSync(
  deps: SyncDeps,
  kind: "full" | "sweep",
  stop: () => boolean = () => false,
): Promise<SyncAnswer> {
  const owner = randomUUID()
  let state = await takeRun(deps.db, kind, owner, SYNC_LEASE_MS, deps.now())
  if (!state) return { refused: "running_elsewhere" }
  let error: string | null = null
  try {
    // What was given up may have healed meanwhile; a run that begins is the moment to see.
    if (state.stage === "staff") {
      await reviveWants(deps.db)
      await reviveCallbacks(deps.db)
    }
    while (state.stage !== "done") {
      if (stop()) return { finished: false, failure: { class: "retry_later", code: "stopped" } }
      const answer = await step(deps, state)
      if ("failure" in answer) {
        error = `${answer.failure.code} ${answer.failure.detail ?? ""}`
        return { finished: false, failure: answer.failure }
      }
      const { after, tell } = answer
      const kept = await tx(deps.db, async (t) => {
        const happenings = await tell(t)
        if (happenings.length > 0) await deps.sink(t, happenings)
        return keepRun(t, after, owner, SYNC_LEASE_MS)
      })
      if (!kept) return { refused: "running_elsewhere" }
      state = after
    }
    return { finished: true, report: state.report }
  } finally {
    await dropRun(deps.db, state.id, owner, error)
  }
}

async function step(deps: SyncDeps, state: Run): Promise<StepAnswer> {
  switch (state.stage) {
    case "staff":
      return syncStaff(deps, state)
    case "tags":
      return syncTags(deps, state)
    case "contacts":
      return syncContacts(deps, state)
    default:
      return syncGroups(deps, state)
  }
}

async function syncStaff(deps: SyncDeps, state: Run): Promise<StepAnswer> {
  const at = deps.now()
  const serving = await deps.client.call("externalcontact/get_follow_user_list", FollowUsers, {
    repeatable: true,
  })
  if (!serving.ok) return { failure: failureIn(serving) }
  const users = await deps.client.call("user/list", UserList, {
    query: { department_id: "1", fetch_child: "1" },
    repeatable: true,
  })
  // Without the right to the address book the names stay unknown; those who serve customers are known all the same.
  if (!users.ok && !users.lost && users.failure.class !== "fix" && users.failure.class !== "never")
    return { failure: users.failure }
  if (!users.ok && users.lost) return { failure: failureIn(users) }
  const listed = staffOf(users.ok ? users.body.userlist : [], serving.body.follow_user, at)
  const accounts = [...new Set(serving.body.follow_user)].sort()
  const position: Position = { accounts, from: 0, cursor: "" }
  return {
    after: {
      ...state,
      stage: "tags",
      position,
      progress: { ...state.progress, accounts: accounts.length },
      report: { ...state.report, staff: listed.staff.length },
    },
    tell: async (t) => ((await changedDigest(t, "staff", snapshotDigest(listed), at)) ? [listed] : []),
  }
}

async function syncTags(deps: SyncDeps, state: Run): Promise<StepAnswer> {
  const at = deps.now()
  const answer = await deps.client.call("externalcontact/get_corp_tag_list", CorpTags, {
    json: {},
    repeatable: true,
  })
  if (!answer.ok) return { failure: failureIn(answer) }
  const catalogue = catalogueOf(answer.body, at, "history")
  const after: Run = { ...state, stage: "contacts", report: { ...state.report } }
  return {
    after,
    async tell(t) {
      after.report.tags_changed = await changedDigest(t, "tag_catalogue", snapshotDigest(catalogue), at)
      return after.report.tags_changed ? [catalogue] : []
    },
  }
}
