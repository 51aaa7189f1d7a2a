import type { AddressInfo } from "node:net"
import fastify from "fastify"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { wecomRoutes } from "../../channels/wecom/index.ts"
import { CORP } from "../../channels/wecom/testkit/index.ts"
import { type SandboxProcess, startSandbox } from "../../channels/wecom/testkit/sandbox.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import type { Change } from "../../modules/tags/contract.ts"
import { assign, pushTags, remove } from "../../modules/tags/index.ts"
import { decideConflict } from "../../modules/tags/sync/decide.ts"
import { saveSync } from "../../modules/tags/sync/store.ts"
import { conflictsBefore } from "../../modules/tags/sync/store-conflicts.ts"
import { decide, propose } from "../../modules/tags/taxonomy.ts"
import { type Db, maybeRow, oneRow, rows, tx } from "../../platform/db.ts"
import { createLog } from "../../platform/log.ts"
import { testDb, until } from "../../platform/testkit/index.ts"
import { drain, registerHandlers } from "../../spine/facts/index.ts"
import { doDeeds } from "../../spine/outbox/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { linkWecom, type WecomLink } from "./wecom-link.ts"
import { type Wired, wire } from "./wiring.ts"

const PERSONA = "0196a000-0000-7000-8000-000000000002"
const lead = newId()
let db: Db
let sandbox: SandboxProcess
let link: WecomLink
let wired: Wired
const app = fastify()

beforeAll(async () => {
  db = await testDb()
  sandbox = await startSandbox({ SANDBOX_SIZE: "30" })
  const config = {
    ...{ corp_id: CORP.corp_id, secret: CORP.secret, agent_id: null, api_base: sandbox.base },
    ...{ callback_token: CORP.callback_token, callback_aes_key: CORP.callback_aes_key },
  }
  const clock = { now: sandbox.now }
  const log = createLog({ home: "", name: "test", to: "stdout", level: "silent" })
  const sealer = { seal: (text: string) => text, open: (text: string) => text }
  link = linkWecom({ db, config, clock, log, sealer } as Parameters<typeof linkWecom>[0], () => wired.tags)
  wired = wire({ sandbox: null, channels: [link.channel] })
  await prepareTraits(db, wired.registry)
  await registerHandlers(db, wired.handlers)
  wecomRoutes(app, { db, door: link.door!, now: sandbox.now, onStored: () => {} })
  await app.listen({ port: 0, host: "127.0.0.1" })
  const { port } = app.server.address() as AddressInfo
  await sandbox.control("system", { url: `http://127.0.0.1:${port}` })
  expect(await link.sync("full", () => false)).toMatchObject({ finished: true })
}, 60_000)
afterAll(async () => {
  await app.close()
  await sandbox.end()
})

/** What the platform itself says it has, by group. */
async function there(): Promise<Record<string, string[]>> {
  const api = `${sandbox.base}/cgi-bin`
  const { access_token } = (await (
    await fetch(`${api}/gettoken?corpid=${CORP.corp_id}&corpsecret=${CORP.secret}`)
  ).json()) as { access_token: string }
  const answer = (await (
    await fetch(`${api}/externalcontact/get_corp_tag_list?access_token=${access_token}`, {
      method: "POST",
      body: "{}",
    })
  ).json()) as { tag_group: { group_name: string; tag: { name: string }[] }[] }
  return Object.fromEntries(answer.tag_group.map((g) => [g.group_name, g.tag.map((tag) => tag.name).sort()]))
}
const push = () => pushTags(db, link.channel.services.tag_catalogue!, sandbox.now())
/** An admin does something in the console; the system hears of it by its callbacks. */
async function admin<T = object>(what: Record<string, unknown>): Promise<T> {
  const seen = await oneRow<{ seen_at: Date }>(db, "select seen_at from tags_sync")
  await sandbox.step(60_000)
  const answer = await sandbox.control<T>("change-tags", what)
  await until(async () => {
    await link.settle()
    return (await oneRow<{ seen_at: Date }>(db, "select seen_at from tags_sync")).seen_at > seen.seen_at
  })
  return answer
}
async function change(body: Change) {
  const asked = await tx(db, (t) => propose(t, body, "", lead, sandbox.now()))
  if (isRefused(asked)) throw new Error(asked.refused)
  return tx(db, (t) => decide(t, asked.id, { accept: true, note: "" }, newId(), sandbox.now()))
}
const own = (name: string) =>
  maybeRow<{ id: string; channel_ref: string | null; retired_at: Date | null }>(
    db,
    `select id, channel_ref, retired_at from tags_tags where name = $1
     order by retired_at is not null, group_id = $2 desc limit 1`,
    [name, PERSONA],
  )
const asked = () => conflictsBefore(db, true, null, 50)
const choose = (id: string, choice: "ours" | "theirs") =>
  tx(db, (t) => decideConflict(t, id, choice, lead, sandbox.now(), async () => []))
const add = (name: string): Change => ({
  ...{ kind: "add_tag", group_id: PERSONA, name, definition: "试", example: "" },
})

describe("the taxonomy and the tags of WeCom", () => {
  it("as long as it is off, nothing goes there, and what is there comes to us", async () => {
    expect(await push()).toBe(0)
    expect(await there()).not.toHaveProperty("人群画像")
    expect((await own("奶爸"))?.channel_ref).toMatch(/^et/)
    expect(await asked()).toEqual([])
  })

  it("switched on for a group, its tags are made there once, and later ones as they come", async () => {
    await tx(db, (t) => saveSync(t, true, [PERSONA]))
    expect(await push()).toBe(1)
    expect((await there()).人群画像).toEqual(["IP", "企业主", "宝妈", "操盘手", "求职者"].sort())
    expect(await push()).toBe(0)
    await change(add("二胎妈妈"))
    expect(await push()).toBe(1)
    expect((await there()).人群画像).toContain("二胎妈妈")
    expect((await own("二胎妈妈"))?.channel_ref).toMatch(/^et/)
    expect(await asked()).toEqual([])
  })

  it("what only we rename or retire is renamed and goes there; what was made in its console is its own", async () => {
    const [ip, job, theirs] = [(await own("IP"))!, (await own("求职者"))!, (await own("奶爸"))!]
    await change({ kind: "rename_tag", tag_id: ip.id, name: "个人品牌" })
    await change({ kind: "retire_tag", tag_id: job.id, replaced_by: null })
    await change({ kind: "rename_tag", tag_id: theirs.id, name: "爸爸" })
    expect(await push()).toBe(2)
    const now = await there()
    expect(now.人群画像).toEqual(["个人品牌", "二胎妈妈", "企业主", "宝妈", "操盘手"].sort())
    expect(now.人群).toContain("奶爸")
    expect(await link.sync("sweep", () => false)).toMatchObject({ finished: true })
    expect(await own("爸爸")).toMatchObject({ id: theirs.id })
    expect(await asked()).toEqual([])
  })

  it("what an admin makes, renames and deletes of their own is followed at once", async () => {
    const { tag_ids } = await admin<{ tag_ids: string[] }>({
      ...{ do: "make", group_name: "人群", names: ["银发族"] },
    })
    expect(await own("银发族")).toMatchObject({ channel_ref: tag_ids[0] })
    await admin({ do: "rename", id: tag_ids[0], name: "退休族" })
    expect(await own("退休族")).toMatchObject({ channel_ref: tag_ids[0] })
    await admin({ do: "delete", id: tag_ids[0] })
    expect((await own("退休族"))?.retired_at).not.toBeNull()
    expect(await asked()).toEqual([])
  })

  it("what an admin renames of the team's is asked about: ours goes back there, theirs changes the taxonomy with a version", async () => {
    const [boss, mum] = [(await own("企业主"))!, (await own("宝妈"))!]
    await admin({ do: "rename", id: boss.channel_ref, name: "老板" })
    await admin({ do: "rename", id: mum.channel_ref, name: "新手妈妈" })
    const open = await asked()
    expect(open.map((c) => [c.kind, c.ours, c.theirs]).sort()).toEqual([
      ["renamed_there", "企业主", "老板"],
      ["renamed_there", "宝妈", "新手妈妈"],
    ])
    expect(await push()).toBe(0)
    const of = (ours: string) => open.find((c) => c.ours === ours)!.id
    expect(isRefused(await choose(of("企业主"), "ours"))).toBe(false)
    expect(isRefused(await choose(of("宝妈"), "theirs"))).toBe(false)
    expect(await own("新手妈妈")).toMatchObject({ id: mum.id })
    expect(
      await oneRow(db, "select what->>'to' as to from tags_versions order by number desc limit 1"),
    ).toEqual({ to: "新手妈妈" })
    expect(await push()).toBe(1)
    expect((await there()).人群画像).toEqual(expect.arrayContaining(["企业主", "新手妈妈"]))
    expect(await asked()).toEqual([])
  })

  it("what both change, and what one retires while the other renames, is asked about with who and when; once decided it is decided", async () => {
    const [brand, second] = [(await own("个人品牌"))!, (await own("二胎妈妈"))!]
    await change({ kind: "rename_tag", tag_id: brand.id, name: "主播" })
    await change({ kind: "retire_tag", tag_id: second.id, replaced_by: null })
    await admin({ do: "rename", id: brand.channel_ref, name: "达人" })
    await admin({ do: "rename", id: second.channel_ref, name: "多胎妈妈" })
    const open = await asked()
    expect(open.map((c) => [c.kind, c.ours, c.theirs]).sort()).toEqual([
      ["renamed_both", "主播", "达人"],
      ["retired_here", "二胎妈妈", "多胎妈妈"],
    ])
    for (const c of open) expect([c.ours_by, c.ours_at! < c.theirs_at]).toEqual([expect.any(String), true])
    const both = open.find((c) => c.kind === "renamed_both")!.id
    const answers = await Promise.all([choose(both, "ours"), choose(both, "theirs")])
    expect(answers.filter(isRefused)).toMatchObject([{ refused: "conflict_decided" }])
    await choose(open.find((c) => c.kind === "retired_here")!.id, "theirs")
    await push()
    expect(await own("多胎妈妈")).toMatchObject({ channel_ref: second.channel_ref, retired_at: null })
    expect(await asked()).toEqual([])
  })

  it("what an admin deletes of the team's is made again, or goes here too; back by itself it is no question any more", async () => {
    const [boss, seller, mum] = [(await own("企业主"))!, (await own("操盘手"))!, (await own("新手妈妈"))!]
    for (const tag of [boss, seller, mum]) await admin({ do: "delete", id: tag.channel_ref })
    const open = await asked()
    expect(open.map((c) => [c.kind, c.ours, c.theirs])).toEqual(
      expect.arrayContaining([boss, seller, mum].map(() => ["deleted_there", expect.any(String), null])),
    )
    await admin({ do: "make", group_name: "人群画像", names: ["新手妈妈"] })
    expect((await asked()).map((c) => c.ours).sort()).toEqual(["企业主", "操盘手"])
    const of = (ours: string) => open.find((c) => c.ours === ours)!.id
    await choose(of("企业主"), "ours")
    await choose(of("操盘手"), "theirs")
    expect((await own("操盘手"))?.retired_at).not.toBeNull()
    expect(await push()).toBe(1)
    expect((await own("企业主"))?.channel_ref).not.toBe(boss.channel_ref)
    expect((await there()).人群画像).toContain("企业主")
  })

  it("a name that is ours already is not taken in twice: it stays out, or ours is tied to it instead", async () => {
    const boss = (await own("企业主"))!
    await admin({ do: "rename", id: boss.channel_ref, name: "大老板" })
    const { tag_ids } = await admin<{ tag_ids: string[] }>({
      ...{ do: "make", group_name: "人群画像", names: ["企业主"] },
    })
    const open = await asked()
    expect(open.map((c) => [c.kind, c.ref]).sort()).toEqual(
      [
        ["name_taken", tag_ids[0]],
        ["renamed_there", boss.channel_ref],
      ].sort(),
    )
    await choose(open.find((c) => c.kind === "name_taken")!.id, "theirs")
    expect(await own("企业主")).toMatchObject({ id: boss.id, channel_ref: tag_ids[0] })
    expect(await asked()).toEqual([])
  })
})

describe("tags that customers wear", () => {
  const ordered = async () => (await rows(db, "select key from outbox_deeds where touch_kind = 'tag'")).length

  it("are marked at WeCom in the name of whoever's friend they are, taken off there too, and not told back", async () => {
    const contact = await oneRow<{ customer_id: string; external_userid: string; account: string }>(
      db,
      `select k.customer_id, k.external_userid, a.channel_ref as account from customers_contacts k
       join accounts_accounts a on a.id = k.account_id where k.removed_at is null limit 1`,
    )
    const tag = (await own("企业主"))!
    const ask = [{ customer_id: contact.customer_id, tag_id: tag.id }]
    const hand = () => ({ source: "hand" as const, by: lead, at: sandbox.now() })
    const wornThere = async () => {
      const { person } = await sandbox.control<{
        person: { follows: { userid: string; tags: string[] }[] }
      }>(`person?external_userid=${contact.external_userid}`)
      return person.follows.find((f) => f.userid === contact.account)?.tags ?? []
    }
    const settle = async () => {
      await drain(db, wired.handlers, sandbox.now)
      await doDeeds(db, wired.world, sandbox.now())
    }
    await tx(db, (t) => assign(t, ask, hand()))
    await settle()
    expect(await wornThere()).toContain(tag.channel_ref)
    await sandbox.step(1_000)
    await tx(db, (t) => remove(t, ask, hand()))
    // the channel tells of the tag before it is taken off there
    await tx(db, (t) =>
      wired.tags.worn(
        t,
        [
          {
            ...{ customer_id: contact.customer_id, tag_refs: [tag.channel_ref!] },
            ...{ at: sandbox.now(), origin: "live" as const },
          },
        ],
        sandbox.now(),
      ),
    )
    await settle()
    expect(await wornThere()).not.toContain(tag.channel_ref)
    expect(
      await rows(db, "select 1 from tags_assignments where customer_id = $1 and tag_id = $2", [
        contact.customer_id,
        tag.id,
      ]),
    ).toEqual([])
    const ways = await rows(
      db,
      "select 1 from customers_contacts where customer_id = $1 and removed_at is null",
      [contact.customer_id],
    )
    expect(await ordered()).toBe(2 * ways.length)
  })

  it("are not marked while the sync is off", async () => {
    await tx(db, (t) => saveSync(t, false, []))
    const before = await ordered()
    const { customer_id } = await oneRow<{ customer_id: string }>(
      db,
      "select customer_id from customers_contacts where removed_at is null limit 1",
    )
    const tag_id = (await own("企业主"))!.id
    await tx(db, (t) => assign(t, [{ customer_id, tag_id }], { source: "hand", by: lead, at: sandbox.now() }))
    await drain(db, wired.handlers, sandbox.now)
    expect(await ordered()).toBe(before)
  })
})
