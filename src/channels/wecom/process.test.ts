import { beforeEach, describe, expect, it } from "vitest"
import { type Db, oneRow, rows } from "../../platform/db.ts"
import { testDb, until } from "../../platform/testkit/index.ts"
import type { Happening } from "../protocol/index.ts"
import { Happening as HappeningSchema } from "../protocol/index.ts"
import { readEvent } from "./event.ts"
import { callbackCounts, storeCallback } from "./store-callbacks.ts"
import { runSync } from "./sync.ts"
import {
  contactEvent,
  eventXml,
  memorySink,
  type Platform,
  testClient,
  testPlatform,
} from "./testkit/index.ts"
import { processCallbacks, startWorker, type WorkerDeps } from "./worker.ts"

const NOW = new Date(1_767_225_600_000)
const AT = NOW.getTime() / 1000
let db: Db
let platform: Platform
let told: Happening[]
let deps: WorkerDeps

beforeEach(async () => {
  db ??= await testDb()
  await db.query(
    "truncate wecom_runs, wecom_callbacks, wecom_wants, wecom_contacts, wecom_groups, wecom_digests, wecom_pace",
  )
  platform = await testPlatform()
  const memory = memorySink()
  told = memory.told
  deps = { client: testClient(platform.base), sink: memory.sink, now: () => NOW }
  platform.on("externalcontact/get", () => ({ errcode: 84061, errmsg: "no relation" }))
})

const hear = (...messages: string[]) =>
  Promise.all(messages.map((message) => storeCallback(db, readEvent(message)!, NOW)))
const types = () => told.map((happening) => happening.type)
const contact = (external: string, follows: Record<string, unknown>[]) => ({
  external_contact: { external_userid: external, name: "小满", type: 1, gender: "2" },
  follow_user: follows,
})
/** As if it had happened a while ago: young relations wait for their own callback. */
const old = AT - 3_600

describe("one adding", () => {
  it("is told with its welcome code before anything is fetched, then fetched and told in full", async () => {
    await hear(
      contactEvent("add_external_contact", "guide_07", "wm1", AT - 2, {
        State: "poster",
        WelcomeCode: "WC1",
      }),
    )
    let told_before_fetch: string[] = []
    platform.on("externalcontact/get", () => {
      told_before_fetch = types()
      return contact("wm1", [
        { userid: "guide_07", createtime: AT - 2, tags: [{ tag_id: "et1", tag_name: "宝妈" }] },
      ])
    })
    expect(await processCallbacks(db, deps)).toEqual({ told: 1, fetched: 1 })
    expect(told_before_fetch).toEqual(["contact_added"])
    expect(types()).toEqual(["contact_added", "profile"])
    expect(told[0]).toMatchObject({
      account_ref: "guide_07",
      external_ref: "wm1",
      half: false,
      state: "poster",
      origin: "live",
      welcome: { code: "WC1" },
    })
    const left_ms = (told[0] as { welcome: { expires_at: Date } }).welcome.expires_at.getTime() - Date.now()
    expect(left_ms).toBeLessThanOrEqual(18_000)
    expect(left_ms).toBeGreaterThan(10_000)
    expect(told[1]).toMatchObject({
      gender: "female",
      follows_complete: true,
      follows: [{ tags: [{ tag_ref: "et1" }] }],
    })
    for (const happening of told) HappeningSchema.parse(happening)
  })
  it("with an answer that is nearly empty is no error", async () => {
    await hear(contactEvent("add_external_contact", "guide_07", "wm1", AT))
    platform.on("externalcontact/get", () => ({
      external_contact: { external_userid: "wm1", name: null },
      follow_user: [{ userid: "guide_07", remark: null }, { nonsense: true }, null],
    }))
    await processCallbacks(db, deps)
    expect(types()).toEqual(["contact_added", "profile"])
    expect(told[1]).toMatchObject({ kind: "unknown", follows: [{ account_ref: "guide_07" }] })
  })
  it("of a person with more than 500 followers is read over all pages", async () => {
    await hear(contactEvent("add_external_contact", "guide_07", "wm1", old))
    platform.on("externalcontact/get", ({ query }) =>
      query.get("cursor")
        ? contact("wm1", [{ userid: "other", createtime: old }])
        : { ...contact("wm1", [{ userid: "guide_07", createtime: old }]), next_cursor: "page2" },
    )
    await processCallbacks(db, deps)
    expect(told.find((h) => h.type === "profile")).toMatchObject({
      follows: [{ account_ref: "guide_07" }, { account_ref: "other" }],
    })
  })
  it("half, then whole, is told as both; the whole one may carry its own welcome", async () => {
    await hear(contactEvent("add_half_external_contact", "g", "wm1", AT - 9, { WelcomeCode: "A" }))
    await processCallbacks(db, deps)
    expect(told).toMatchObject([{ type: "contact_added", half: true, welcome: { code: "A" } }])
    await hear(contactEvent("add_external_contact", "g", "wm1", AT))
    await processCallbacks(db, deps)
    expect(told[1]).toMatchObject({ type: "contact_added", half: false })
  })
})

describe("callbacks out of order", () => {
  it("an older one never overwrites a newer one", async () => {
    await hear(contactEvent("del_external_contact", "g", "wm1", old + 9, { Source: "DELETE_BY_TRANSFER" }))
    await processCallbacks(db, deps)
    await hear(contactEvent("add_external_contact", "g", "wm1", old, { WelcomeCode: "late" }))
    await processCallbacks(db, deps)
    expect(told).toMatchObject([{ type: "contact_deleted", by_transfer: true }])
    expect(await rows(db, "select state from wecom_callbacks order by id")).toEqual([
      { state: "handled" },
      { state: "stale" },
    ])
  })
  it("that wait together are told in the order in which they happened", async () => {
    await hear(contactEvent("del_follow_user", "g", "wm1", old + 5))
    await hear(contactEvent("add_external_contact", "g", "wm1", old + 9))
    await hear(contactEvent("add_external_contact", "g", "wm1", old))
    platform.on("externalcontact/get", () => contact("wm1", [{ userid: "g", createtime: old + 9 }]))
    await processCallbacks(db, deps)
    expect(types()).toEqual(["contact_added", "contact_left", "contact_added", "profile"])
  })
  it("an adding that a fetch has already shown is told once", async () => {
    platform.on("externalcontact/get", () => contact("wm1", [{ userid: "g", createtime: old }]))
    await hear(contactEvent("edit_external_contact", "g", "wm1", old + 60))
    await processCallbacks(db, deps)
    await hear(contactEvent("add_external_contact", "g", "wm1", old - 1))
    await hear(contactEvent("add_external_contact", "g", "wm1", old))
    await processCallbacks(db, deps)
    expect(types().filter((type) => type === "contact_added")).toHaveLength(1)
  })
  it("a relation so young that its welcome may be on its way waits for its own callback", async () => {
    platform.on("externalcontact/get", () => contact("wm1", [{ userid: "g", createtime: AT - 5 }]))
    await hear(contactEvent("edit_external_contact", "g", "wm1", AT - 1))
    await processCallbacks(db, deps)
    await hear(contactEvent("add_external_contact", "g", "wm1", AT - 5, { WelcomeCode: "WC" }))
    await processCallbacks(db, deps)
    expect(told.filter((h) => h.type === "contact_added")).toMatchObject([
      { origin: "live", welcome: { code: "WC" } },
    ])
  })
  it("what the platform shows wins over what was told", async () => {
    await hear(
      contactEvent("add_external_contact", "g", "wm1", old),
      contactEvent("edit_external_contact", "h", "wm1", old),
    )
    platform.on("externalcontact/get", () =>
      contact("wm1", [{ userid: "h", createtime: old - 100, state: "s" }]),
    )
    await processCallbacks(db, deps)
    expect(types().sort()).toEqual([
      "contact_added",
      "contact_added",
      "contact_deleted",
      "contact_edited",
      "profile",
    ])
    expect(told.find((h) => h.type === "contact_added" && h.account_ref === "h")).toMatchObject({
      origin: "history",
      state: "s",
    })
  })
})

describe("many at once", () => {
  it("five hundred people who scan in the same second are all told and all fetched", async () => {
    await hear(
      ...Array.from({ length: 500 }, (_, n) => contactEvent("add_external_contact", "g", `wm${n}`, AT)),
    )
    platform.on("externalcontact/get", ({ query }) =>
      contact(query.get("external_userid")!, [{ userid: "g", createtime: AT }]),
    )
    const begun = performance.now()
    await processCallbacks(db, deps)
    expect(performance.now() - begun).toBeLessThan(30_000)
    expect(
      new Set(platform.calls.map((call) => call.query.get("external_userid"))).size,
    ).toBeGreaterThanOrEqual(500)
    expect(types().filter((type) => type === "contact_added")).toHaveLength(500)
    expect(types().filter((type) => type === "profile")).toHaveLength(500)
  })
  it("two workers tell and fetch each thing once", async () => {
    await hear(
      ...Array.from({ length: 200 }, (_, n) =>
        contactEvent("add_external_contact", "g", `wm${n % 50}`, AT + n),
      ),
    )
    platform.on("externalcontact/get", ({ query }) =>
      contact(query.get("external_userid")!, [{ userid: "g", createtime: AT }]),
    )
    const start = () =>
      startWorker({ db, ...deps, onError: (_where, error) => expect(error).toBeUndefined() })
    const workers = [start(), start()]
    await until(async () => {
      const left = await oneRow<{ n: number }>(
        db,
        "select (select count(*) from wecom_callbacks where state = 'waiting')::int + (select count(*) from wecom_wants)::int n",
      )
      return left.n === 0
    })
    await Promise.all(workers.map((worker) => worker.stop()))
    expect(types().filter((type) => type === "contact_added")).toHaveLength(200)
  })
  it("a welcome does not queue behind a backlog", async () => {
    const backlog = Array.from({ length: 2_000 }, (_, n) =>
      contactEvent("edit_external_contact", "g", `wm${n}`, AT),
    )
    await hear(...backlog)
    await hear(contactEvent("add_external_contact", "g", "wmNew", AT, { WelcomeCode: "WC" }))
    let first: Happening[] = []
    const sink: WorkerDeps["sink"] = async (_tx, happenings) => {
      if (first.length === 0) first = happenings
    }
    await processCallbacks(db, { ...deps, sink })
    expect(first.some((happening) => happening.type === "contact_added" && happening.welcome)).toBe(true)
  })
})

describe("a failure inside", () => {
  it("of the app for one person loses nothing, tells nothing twice and stops nobody else", async () => {
    await hear(
      contactEvent("add_external_contact", "g", "wmBad", AT),
      contactEvent("add_external_contact", "g", "wmGood", AT),
    )
    let broken = true
    const sink: WorkerDeps["sink"] = async (tx, happenings) => {
      const bad = happenings.some((h) => h.type === "contact_added" && h.external_ref === "wmBad")
      if (bad && broken) throw new Error("no room")
      return deps.sink(tx, happenings)
    }
    await processCallbacks(db, { ...deps, sink })
    expect(told.filter((h) => h.type === "contact_added")).toMatchObject([{ external_ref: "wmGood" }])
    expect(
      await rows(db, "select subject, attempts, error from wecom_callbacks where state = 'waiting'"),
    ).toEqual([{ subject: "contact wmBad", attempts: 1, error: "no room" }])
    broken = false
    await db.query("update wecom_callbacks set next_try_at = now()")
    await processCallbacks(db, { ...deps, sink })
    expect(told.filter((h) => h.type === "contact_added")).toHaveLength(2)
  })
  it("of the platform puts the fetch off, and what was told stays told", async () => {
    await hear(contactEvent("add_external_contact", "g", "wm1", AT))
    platform.on("externalcontact/get", () => ({ errcode: 40058 }))
    await processCallbacks(db, deps)
    expect(types()).toEqual(["contact_added"])
    const want = await oneRow<{ attempts: number; error: string }>(
      db,
      "select attempts, error from wecom_wants",
    )
    expect(want).toMatchObject({ attempts: 1, error: expect.stringContaining("40058") })
  })
  it("something newer that is heard while the answer is on its way makes it worthless", async () => {
    await hear(contactEvent("add_external_contact", "g", "wm1", old))
    platform.on("externalcontact/get", async (_call, n) => {
      if (n > 1) return { errcode: 84061 }
      await hear(contactEvent("del_external_contact", "g", "wm1", old + 5))
      await (await import("./tell.ts")).tellCallbacks(db, deps.sink, NOW)
      return contact("wm1", [{ userid: "g", createtime: old }])
    })
    await processCallbacks(db, deps)
    expect(types()).toEqual(["contact_added", "contact_deleted"])
  })
  it("that lasts is shown as dead, and the next sweep tries again", async () => {
    await hear(contactEvent("add_external_contact", "g", "wm1", AT))
    const sink: WorkerDeps["sink"] = async () => {
      throw new Error("no room")
    }
    for (let i = 0; i < 8; i++) {
      await db.query("update wecom_callbacks set next_try_at = now()")
      await processCallbacks(db, { ...deps, sink })
    }
    expect(await callbackCounts(db)).toMatchObject({ waiting: 0, dead: 1 })
    await runSync({ db, ...deps }, "sweep")
    await processCallbacks(db, deps)
    expect(types()).toContain("contact_added")
  })
  it("callbacks handled long ago are forgotten, those that wait are not", async () => {
    const long_ago = new Date(NOW.getTime() - 40 * 86_400_000)
    await hear(contactEvent("edit_external_contact", "g", "wm1", AT))
    await processCallbacks(db, { ...deps, now: () => long_ago })
    await hear(contactEvent("edit_external_contact", "g", "wm2", AT))
    await db.query(
      "update wecom_callbacks set next_try_at = now() + interval '1 hour' where state = 'waiting'",
    )
    const worker = startWorker({ db, ...deps, onError: (_where, error) => expect(error).toBeUndefined() })
    const left = () => rows<{ subject: string }>(db, "select subject from wecom_callbacks")
    await until(async () => (await left()).length === 1)
    await worker.stop()
    expect(await left()).toEqual([{ subject: "contact wm2" }])
  })
  it("an unknown event is kept and marked", async () => {
    await hear(eventXml({ CreateTime: AT, Event: "brand_new", ChangeType: "x" }))
    await hear(contactEvent("what_is_this", "g", "wm1", AT))
    await processCallbacks(db, deps)
    expect(await rows(db, "select distinct state from wecom_callbacks")).toEqual([{ state: "ignored" }])
    expect(told).toEqual([])
  })
})

describe("groups and tags", () => {
  const chat = (change: string, at_s: number, extra: Record<string, string | number | string[]> = {}) =>
    eventXml({ CreateTime: at_s, Event: "change_external_chat", ChatId: "wr1", ChangeType: change, ...extra })
  const detail = (version: string, members: string[]) => ({
    group_chat: {
      chat_id: "wr1",
      name: "一群",
      owner: "g",
      notice: "",
      member_list: members.map((userid) => ({ userid, type: 2, join_scene: 3, join_time: AT })),
      admin_list: [],
      create_time: AT,
      member_version: version,
    },
  })
  const soon = () => db.query("update wecom_wants set due_at = now()")

  it("members who come and go are told at once, the whole group when the platform has caught up", async () => {
    await hear(
      chat("update", AT, {
        UpdateDetail: "add_member",
        JoinScene: 3,
        MemChangeList: ["wm1", "wm2"],
        LastMemVer: "v0",
        CurMemVer: "v1",
      }),
      chat("update", AT + 1, {
        UpdateDetail: "del_member",
        QuitScene: 1,
        MemChangeList: ["wm2"],
        LastMemVer: "v1",
        CurMemVer: "v2",
      }),
    )
    platform.on("externalcontact/groupchat/get", (_call, n) =>
      n === 1 ? detail("v1", ["wm1", "wm2"]) : detail("v2", ["wm1"]),
    )
    await processCallbacks(db, deps)
    expect(told).toMatchObject([
      { type: "group_member_joined", member_refs: ["wm1", "wm2"], scene: "code" },
      { type: "group_member_left", member_refs: ["wm2"], scene: "removed" },
    ])
    await soon()
    await processCallbacks(db, deps)
    expect(types()).not.toContain("group_snapshot")
    await soon()
    await processCallbacks(db, deps)
    expect(told.at(-1)).toMatchObject({
      type: "group_snapshot",
      version: "v2",
      members: [{ member_ref: "wm1" }],
    })
  })
  it("a version that does not follow shows that an event was lost", async () => {
    await hear(
      chat("update", AT, {
        UpdateDetail: "add_member",
        MemChangeList: "wm1",
        LastMemVer: "v0",
        CurMemVer: "v1",
      }),
    )
    await processCallbacks(db, deps)
    await hear(
      chat("update", AT + 9, {
        UpdateDetail: "add_member",
        MemChangeList: "wm3,wm4",
        LastMemVer: "v7",
        CurMemVer: "v8",
      }),
    )
    await processCallbacks(db, deps)
    expect((await oneRow<{ gaps: number }>(db, "select gaps from wecom_groups")).gaps).toBe(1)
    expect(told.at(-1)).toMatchObject({ member_refs: ["wm3", "wm4"] })
  })
  it("a group that is no more is told once", async () => {
    await hear(chat("create", AT), chat("dismiss", AT + 5))
    platform.on("externalcontact/groupchat/get", () => ({ errcode: 49008 }))
    await processCallbacks(db, deps)
    await soon()
    await processCallbacks(db, deps)
    expect(types()).toEqual(["group_created", "group_dismissed"])
  })
  it("tags are fetched once for a burst of changes, and told only where they changed", async () => {
    const tag = (id: string) =>
      eventXml({ CreateTime: AT, Event: "change_external_tag", ChangeType: "create", Id: id, TagType: "tag" })
    platform.on("externalcontact/get_corp_tag_list", () => ({
      tag_group: [
        {
          group_id: "eg",
          group_name: "阶段",
          order: 1,
          tag: [
            { id: "et1", name: "新客", order: 2 },
            { id: "et2", name: "x", deleted: true },
          ],
        },
      ],
    }))
    await hear(tag("a"), tag("b"), tag("c"))
    await processCallbacks(db, deps)
    expect(platform.count("externalcontact/get_corp_tag_list")).toBe(1)
    await hear(tag("d"))
    await processCallbacks(db, deps)
    expect(told).toMatchObject([
      { type: "tag_catalogue", groups: [{ group_ref: "eg", tags: [{ tag_ref: "et1", name: "新客" }] }] },
    ])
  })
})
