import { beforeEach, describe, expect, it } from "vitest"
import { type Db, oneRow, rows } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import type { Happening } from "../protocol/index.ts"
import { readEvent } from "./event.ts"
import { storeCallback } from "./store-callbacks.ts"
import { lastRun } from "./store-runs.ts"
import { runSync } from "./sync.ts"
import type { SyncDeps } from "./sync-step.ts"
import { tellCallbacks } from "./tell.ts"
import { contactEvent, memorySink, type Platform, testClient, testPlatform } from "./testkit/index.ts"
import { processCallbacks } from "./worker.ts"

const NOW = new Date(1_767_225_600_000)
const OLD = NOW.getTime() / 1000 - 86_400
let db: Db
let platform: Platform
let told: Happening[]
let deps: SyncDeps

/** Who is whose customer, as the platform has it. */
let world: Map<string, string[]>
let groups: Map<string, string[]>

beforeEach(async () => {
  db ??= await testDb()
  await db.query(
    "truncate wecom_callbacks, wecom_wants, wecom_contacts, wecom_groups, wecom_digests, wecom_pace, wecom_runs",
  )
  platform = await testPlatform()
  const memory = memorySink()
  told = memory.told
  deps = { db, client: testClient(platform.base), sink: memory.sink, now: () => NOW }
  world = new Map([
    ["guide_a", Array.from({ length: 250 }, (_, n) => `wm${n}`)],
    ["guide_b", ["wm0", "wm1", "wmX"]],
  ])
  groups = new Map([
    ["wr1", ["wm0"]],
    ["wr2", ["wm1", "wm2"]],
  ])
  const contact = (ref: string) => ({ external_userid: ref, name: `人${ref}`, type: 1, gender: 0 })
  const follow = (userid: string) => ({ userid, createtime: OLD, remark: "", tag_id: ["et1"] })
  platform.on("externalcontact/get_follow_user_list", () => ({ follow_user: [...world.keys()] }))
  platform.on("user/list", () => ({
    userlist: [{ userid: "guide_a", name: "小林", department: [1], status: 1 }],
  }))
  platform.on("externalcontact/get_corp_tag_list", () => ({
    tag_group: [
      { group_id: "g", group_name: "阶段", order: 0, tag: [{ id: "et1", name: "新客", order: 0 }] },
    ],
  }))
  platform.on("externalcontact/batch/get_by_user", ({ body }) => {
    const users = body.userid_list as string[]
    const all = users.flatMap((user) => (world.get(user) ?? []).map((ref) => ({ user, ref })))
    const from = Number(body.cursor ?? 0)
    const page = all.slice(from, from + 100)
    return {
      external_contact_list: page.map(({ user, ref }) => ({
        external_contact: contact(ref),
        follow_info: follow(user),
      })),
      next_cursor: from + 100 < all.length ? String(from + 100) : "",
    }
  })
  platform.on("externalcontact/get", ({ query }) => {
    const ref = query.get("external_userid")!
    const users = [...world].filter(([, refs]) => refs.includes(ref)).map(([user]) => user)
    if (users.length === 0) return { errcode: 84061 }
    return { external_contact: contact(ref), follow_user: users.map(follow) }
  })
  platform.on("externalcontact/groupchat/list", () => ({
    group_chat_list: [...groups.keys()].map((chat_id) => ({ chat_id, status: 0 })),
    next_cursor: "",
  }))
  platform.on("externalcontact/groupchat/get", ({ body }) => {
    const members = groups.get(body.chat_id as string)
    if (!members) return { errcode: 49008 }
    return {
      group_chat: {
        chat_id: body.chat_id,
        name: "群",
        owner: "guide_a",
        notice: "",
        create_time: OLD,
        member_version: members.join(""),
        member_list: members.map((userid) => ({ userid, type: 2, join_scene: 3, join_time: OLD })),
        admin_list: [],
      },
    }
  })
})

const count = (type: Happening["type"]) => told.filter((h) => h.type === type).length

describe("a first sync", () => {
  it("tells staff, tags, every relation and every group once, as history", async () => {
    expect(await runSync(deps, "full")).toMatchObject({
      finished: true,
      report: { contacts: { seen: 253, added: 253 }, groups: { seen: 2, added: 2 } },
    })
    expect([
      count("staff_listed"),
      count("tag_catalogue"),
      count("contact_added"),
      count("group_snapshot"),
    ]).toEqual([1, 1, 253, 2])
    expect(told.every((h) => h.origin === "history")).toBe(true)
    const staff = told.find((h) => h.type === "staff_listed")
    expect(staff).toMatchObject({
      staff: [
        { account_ref: "guide_a", name: "小林", status: "active", serves_customers: true },
        { account_ref: "guide_b", status: "unknown", serves_customers: true },
      ],
    })
    expect(await lastRun(db)).toMatchObject({
      stage: "done",
      progress: { accounts: 2, accounts_done: 2, contacts: 253 },
    })
  })
  it("without the right to the address book still knows who serves customers", async () => {
    platform.on("user/list", () => ({ errcode: 60011 }))
    expect(await runSync(deps, "full")).toMatchObject({ finished: true, report: { staff: 2 } })
  })
  it("goes on where it was cut, telling nothing twice", async () => {
    let calls = 0
    expect(await runSync(deps, "full", () => ++calls > 4)).toMatchObject({ finished: false })
    const before = count("contact_added")
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(253)
    expect(await runSync(deps, "full")).toMatchObject({ finished: true })
    expect(count("contact_added")).toBe(253)
    expect((await rows(db, "select 1 from wecom_runs")).length).toBe(1)
  })
  it("that fails in the middle says why, and goes on at the next call", async () => {
    let broken = true
    platform.on("externalcontact/groupchat/list", () =>
      broken ? { errcode: 48002 } : { group_chat_list: [], next_cursor: "" },
    )
    expect(await runSync(deps, "full")).toMatchObject({
      finished: false,
      failure: { class: "stop", code: "48002" },
    })
    expect((await lastRun(db))?.error).toContain("48002")
    broken = false
    expect(await runSync(deps, "full")).toMatchObject({ finished: true })
    expect(platform.count("user/list")).toBe(1)
  })
  it("whose app fails loses nothing: the page is told again", async () => {
    let broken = true
    const sink: SyncDeps["sink"] = async (tx, happenings) => {
      if (broken && happenings.some((h) => h.type === "profile")) throw new Error("no room")
      return deps.sink(tx, happenings)
    }
    await expect(runSync({ ...deps, sink }, "full")).rejects.toThrow("no room")
    broken = false
    expect(await runSync({ ...deps, sink }, "full")).toMatchObject({ finished: true })
    expect(count("contact_added")).toBe(253)
  })
  it("asked for by two processes at once runs once", async () => {
    const [one, two] = await Promise.all([runSync(deps, "full"), runSync(deps, "full")])
    expect([one, two].filter((answer) => "finished" in answer && answer.finished)).toHaveLength(1)
    expect([one, two]).toContainEqual({ refused: "running_elsewhere" })
    expect(count("contact_added")).toBe(253)
  })
  it("whose cursor the platform takes back begins that chunk again", async () => {
    let once = true
    const list = (from: number) => ({
      external_contact_list: [
        {
          external_contact: { external_userid: `wm${from}` },
          follow_info: { userid: "guide_a", createtime: OLD },
        },
      ],
    })
    platform.on("externalcontact/batch/get_by_user", ({ body }) => {
      if (!body.cursor) return { ...list(0), next_cursor: "c" }
      if (once) {
        once = false
        return { errcode: 50100 }
      }
      return list(1)
    })
    expect(await runSync(deps, "full")).toMatchObject({ finished: true })
    expect(count("contact_added")).toBe(2)
  })
  it("in a scope too large to list groups at once asks owner by owner", async () => {
    platform.on("externalcontact/groupchat/list", ({ body }) =>
      body.owner_filter ? { group_chat_list: [{ chat_id: "wr1", status: 0 }] } : { errcode: 81017 },
    )
    expect(await runSync(deps, "full")).toMatchObject({ finished: true, report: { groups: { seen: 1 } } })
  })
})

describe("a sweep", () => {
  beforeEach(async () => {
    await runSync(deps, "full")
    told.length = 0
  })
  it("of an unchanged company tells nothing", async () => {
    expect(await runSync(deps, "sweep")).toMatchObject({
      report: {
        tags_changed: false,
        contacts: { added: 0, changed: 0, missing: 0 },
        groups: { changed: 0, missing: 0 },
      },
    })
    expect(told).toEqual([])
  })
  it("finds who came, who went and which group changed or ended while callbacks were lost", async () => {
    world.set("guide_b", ["wm0", "wmNew"])
    groups.delete("wr1")
    groups.set("wr2", ["wm1"])
    groups.set("wr3", [])
    expect(await runSync(deps, "sweep")).toMatchObject({
      report: { contacts: { added: 1, missing: 2 }, groups: { added: 1, changed: 1, missing: 1 } },
    })
    await processCallbacks(db, deps)
    expect(told.filter((h) => h.type === "contact_added")).toMatchObject([
      { external_ref: "wmNew", account_ref: "guide_b" },
    ])
    const gone = told.flatMap((h) => (h.type === "contact_deleted" ? [h.external_ref] : []))
    expect(gone.sort()).toEqual(["wm1", "wmX"])
    expect(told.filter((h) => h.type === "group_dismissed")).toMatchObject([{ chat_ref: "wr1" }])
    told.length = 0
    expect(await runSync(deps, "sweep")).toMatchObject({
      report: { contacts: { missing: 0 }, groups: { missing: 0 } },
    })
    expect(told).toEqual([])
  })
  it("ends the relations of an account that serves nobody any more", async () => {
    world.delete("guide_b")
    await runSync(deps, "sweep")
    await processCallbacks(db, deps)
    expect(told.filter((h) => h.type === "contact_deleted")).toHaveLength(3)
  })
  it("does not overwrite what was heard while its page was on the way", async () => {
    const answer = {
      external_contact_list: [
        { external_contact: { external_userid: "wmX" }, follow_info: { userid: "guide_b", createtime: OLD } },
      ],
    }
    platform.on("externalcontact/batch/get_by_user", async () => {
      const gone = contactEvent("del_external_contact", "guide_b", "wmX", NOW.getTime() / 1000)
      await storeCallback(db, readEvent(gone)!, NOW)
      await tellCallbacks(db, deps.sink, NOW)
      return answer
    })
    await runSync(deps, "sweep")
    expect(count("contact_added")).toBe(0)
    const state = "select state from wecom_contacts where external_ref = 'wmX' and account_ref = 'guide_b'"
    expect((await oneRow<{ state: string }>(db, state)).state).toBe("deleted")
  })
  it("leaves a relation alone whose own callback may still come", async () => {
    world.get("guide_b")!.push("wmYoung")
    platform.on("externalcontact/batch/get_by_user", () => ({
      external_contact_list: [
        {
          external_contact: { external_userid: "wmYoung" },
          follow_info: { userid: "guide_b", createtime: NOW.getTime() / 1000 - 5 },
        },
      ],
    }))
    await runSync(deps, "sweep")
    expect(count("contact_added")).toBe(0)
    expect(await rows(db, "select ref from wecom_wants where ref = 'wmYoung'")).toHaveLength(1)
  })
})
