import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { importFile } from "../imports/index.ts"
import { takeContacts, takeProfiles } from "./contacts.ts"
import { customersKind } from "./import/kind.ts"
import { carry, ensureCustomers, mergeCustomers, offers, setRemarks, undoMerge } from "./index.ts"
import { matchedOf } from "./matched.ts"
import { rekey } from "./rekey.ts"
import { listRows } from "./store-list.ts"

const now = new Date("2026-11-23T04:00:00Z")
const account_id = newId()
let db: Db
let folder: string

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
  folder = await mkdtemp(join(tmpdir(), "siyu-remark-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A remark, and texts that each find it: both scripts, each reading of its characters, and the initials of each. */
const SHAN = [
  "單老師",
  ["單老師", "单老师", "shanlaoshi", "danlaoshi", "chanlaoshi", "sls", "dls", "cls"],
] as const
const ZENG = ["曾記茶行", ["曾记茶", "曾記茶", "zengjicha", "cengjicha", "zjch", "cjch"]] as const
type Remark = typeof SHAN | typeof ZENG

let made = 0
async function somebody(remark = ""): Promise<string> {
  const phone = `1370000${String(++made).padStart(4, "0")}`
  await bring(phone, remark, `顾客${made}`)
  return (
    await tx(db, (t) =>
      ensureCustomers(t, [{ identities: [{ kind: "phone", value: phone }], seen_at: now }], now),
    )
  )[0]!
}
/** As a file brings it. */
async function bring(phone: string, remark: string, name = "") {
  const path = join(folder, "people.csv")
  await writeFile(path, `手机号,姓名,备注\n${phone},${name},${remark}\n`)
  const mapping = { phone: "手机号", name: "姓名", remark: "备注" }
  const result = await importFile(db, customersKind([]), path, { mapping, header: true, source: "x", now })
  if (isRefused(result) || result.failed > 0) throw new Error("not brought")
}
const phoneOf = () => `1370000${String(made).padStart(4, "0")}`
const merge = (from: string, into: string) =>
  tx(db, (t) => mergeCustomers(t, [carry], { from, into }, null, now))
const undo = (from: string) => tx(db, (t) => undoMerge(t, [carry], from, null, now))

/** Whom each text finds of these, and what the list says it was that matched. */
async function expectFound(ids: readonly string[], [text, texts]: Remark, found: readonly string[]) {
  for (const q of texts) {
    const listed = (await listRows(db, { scope: null, q }, "created", null, 50)).filter((r) =>
      ids.includes(r.id),
    )
    const matched = await matchedOf(db, q, listed, () => [])
    expect([q, listed.map((r) => [r.id, matched.get(r.id)])]).toEqual([
      q,
      found.map((id) => [id, { field: "remark", text }]),
    ])
  }
}
const expectOf = async (id: string, { is, was }: { is?: Remark; was?: Remark }) => {
  if (is) await expectFound([id], is, [id])
  if (was) await expectFound([id], was, [])
}

describe("the company's own remark finds somebody in every reading and both scripts", () => {
  it("as a file brings it, and as the next one changes it; one that says nothing leaves it", async () => {
    const id = await somebody(SHAN[0])
    await expectOf(id, { is: SHAN })
    await bring(phoneOf(), ZENG[0])
    await expectOf(id, { is: ZENG, was: SHAN })
    await bring(phoneOf(), "", "换了名字")
    await expectOf(id, { is: ZENG })
  })

  it("whatever the platform says of them since: another name, and what accounts call them, are keys of their own", async () => {
    const id = await somebody(SHAN[0])
    const external_userid = "wm-remark"
    const told = [{ external_userid, mobiles: [phoneOf()], name: "解语花", at: now, origin: "live" as const }]
    expect(await tx(db, (t) => takeProfiles(t, told, now))).toEqual([id])
    const seen = { account_id, custodian_staff_id: null, external_userid, at: now, origin: "live" as const }
    await tx(db, (t) => takeContacts(t, [{ ...seen, remark: ZENG[0] }], now))
    for (const is of [SHAN, ZENG]) await expectOf(id, { is })
    await tx(db, (t) => setRemarks(t, [{ account_id, external_userid, remark: "" }]))
    await expectOf(id, { is: SHAN, was: ZENG })
  })

  it("after a merge: of two remarks that of the one who stays, of one that one", async () => {
    const [both, only] = [await somebody(ZENG[0]), await somebody()]
    const [from, other] = [await somebody(SHAN[0]), await somebody(SHAN[0])]
    const all = [both, only, from, other]
    await merge(from, both)
    await expectOf(both, { is: ZENG, was: SHAN })
    await merge(other, only)
    await expectFound(all, SHAN, [only])
    await expectFound(all, ZENG, [both])
  })

  it("after a merge that is undone: each by their own again, and by what was written down since", async () => {
    const [from, into] = [await somebody(SHAN[0]), await somebody()]
    const ids = [from, into]
    await merge(from, into)
    await undo(from)
    await expectFound(ids, SHAN, [from])
    await merge(from, into)
    await bring(phoneOf(), ZENG[0])
    await undo(from)
    await expectFound(ids, SHAN, [from])
    await expectFound(ids, ZENG, [into])
  })

  it("what an account called them since a merge goes with them when it is undone", async () => {
    const external_userid = "wm-since"
    const seen = { account_id, custodian_staff_id: null, external_userid, at: now, origin: "live" as const }
    const known = { identities: [{ kind: "external_userid" as const, value: external_userid }], seen_at: now }
    const [from] = await tx(db, (t) => ensureCustomers(t, [known], now))
    const into = await somebody()
    await merge(from!, into)
    await tx(db, (t) => takeContacts(t, [{ ...seen, remark: SHAN[0] }], now))
    await expectFound([from!, into], SHAN, [into])
    await undo(from!)
    await expectFound([from!, into], SHAN, [from!])
  })

  it("after an upgrade that writes everybody's keys anew", async () => {
    const id = await somebody(SHAN[0])
    await run(db, "truncate customers_keys")
    await run(db, "update customers_customers set remark_pinyin = '', remark_initials = '' where id = $1", [
      id,
    ])
    await run(db, "update customers_rekeyed set readings = 0, up_to = 0")
    while ((await rekey(db, 3)) > 0);
    await expectOf(id, { is: SHAN })
  })
})
