import { beforeAll, describe, expect, it } from "vitest"
import { oneRow, rows, tx } from "../../../platform/db.ts"
import { ALL_BACK, ALL_HANDED, type Office, openOffice, PDF } from "../accounts.fixture.ts"
import { accountsHeldBy, takeListedAccounts } from "../index.ts"

let office: Office
beforeAll(async () => {
  office = await openOffice()
})

const move = (id: string, to: string) => office.call("keeper", "POST", `/${id}/move`, { to })
const stateOf = async (id: string) => (await office.call("keeper", "GET", `/${id}`)).body.state
const actions = async (id: string) =>
  (
    await rows<{ action: string }>(
      office.db,
      "select action from platform_audit where target = $1 order by seq",
      [`account:${id}`],
    )
  ).map((r) => r.action)
const facts = async (id: string) =>
  (
    await rows<{ type: string; payload: { to?: string; from?: string } }>(
      office.db,
      "select type, payload from facts where subject = $1 order by id",
      [id],
    )
  ).map((f) => (f.payload.to ? `${f.type} ${f.payload.from ?? "-"}>${f.payload.to}` : f.type))

/** From the wish for an account to one that lies ready. */
async function readyAccount(name: string): Promise<string> {
  const asked = await office.call("ying", "POST", "", { name, function: "sales", reason: "新开的成交组" })
  const id = String(asked.body.id)
  await move(id, "starting")
  await office.upload("keeper", id, Buffer.concat([PDF, Buffer.from(name)]))
  await move(id, "nurturing")
  await office.db.query("update accounts_accounts set nurture_level = 1 where id = $1", [id])
  await move(id, "ready")
  return id
}

describe("an account's way from a wish to the shelf", () => {
  it("without agreement it is not made ready: 409, and the missing agreement is named first", async () => {
    const id = String(
      (await office.call("ying", "POST", "", { name: "成交 09", function: "sales", reason: "缺人手" })).body
        .id,
    )
    expect((await move(id, "starting")).body).toMatchObject({ state: "starting" })
    for (const to of ["nurturing", "ready"]) {
      const answer = await move(id, to)
      expect(answer.status).toBe(409)
      expect(answer.body).toMatchObject({
        code: "agreement_missing",
        field: "agreement",
        detail: { missing: "agreement", state: "starting", allowed: ["nurturing"] },
        message: expect.stringContaining("归属协议"),
      })
    }
    expect(await stateOf(id)).toBe("starting")
    expect((await office.upload("keeper", id, PDF)).status).toBe(200)
    expect((await move(id, "ready")).body).toMatchObject({
      code: "illegal_transition",
      detail: { state: "starting", to: "ready", allowed: ["nurturing"] },
    })
    expect((await move(id, "nurturing")).status).toBe(200)
    expect((await move(id, "ready")).body).toMatchObject({
      code: "level_too_low",
      detail: { level: 0, needed: 1 },
    })
    expect(await facts(id)).toEqual([
      "account.state_changed ->requested",
      "account.state_changed requested>starting",
      "account.state_changed starting>nurturing",
    ])
  })

  it("each step is kept with who, when and why, and one that was refused leaves no trace", async () => {
    const id = await readyAccount("成交 10")
    await move(id, "starting")
    const { moves } = (await office.call("lan", "GET", `/${id}/history`)).body as unknown as {
      moves: { from_state: string | null; to_state: string; by_name: string; note: string }[]
    }
    expect(moves.map((m) => [m.from_state, m.to_state, m.by_name])).toEqual([
      ["nurturing", "ready", "钱保管"],
      ["starting", "nurturing", "钱保管"],
      ["requested", "starting", "钱保管"],
      [null, "requested", "林小英"],
    ])
    expect(moves.at(-1)?.note).toBe("新开的成交组")
    expect(await actions(id)).toEqual([
      "accounts.request_account",
      "accounts.move",
      "accounts.file",
      "accounts.move",
      "accounts.move",
    ])
  })
})

describe("into somebody's hands and back", () => {
  it("is asked for, approved, handed over with its list, signed for, given back and checked by another", async () => {
    const id = await readyAccount("成交 11")
    const request = await office.call("ying", "POST", "/requests", { function: "sales", reason: "双十二" })
    const approve = `/requests/${request.body.id}/approve`
    expect((await office.call("ying", "POST", approve, { account_id: id })).status).toBe(403)
    expect((await office.call("keeper", "POST", approve, { account_id: id })).status).toBe(200)
    const give = { staff_id: office.id.ying, from_staff_id: null }
    expect(
      (await office.call("keeper", "POST", `/${id}/hand-over`, { ...give, checklist: { sim: true } })).body,
    ).toMatchObject({
      code: "checklist_incomplete",
      detail: { missing: ["phone", "password_reset", "top_up", "penalties"] },
    })
    const handed = await office.call("keeper", "POST", `/${id}/hand-over`, { ...give, checklist: ALL_HANDED })
    expect(handed.status).toBe(200)
    expect((await office.call("ying", "GET", `/${id}`)).body).toMatchObject({
      state: "ready",
      unsigned: true,
    })
    expect((await office.call("lan", "POST", `/${id}/sign`)).body).toMatchObject({ code: "not_custodian" })
    expect((await office.call("ying", "POST", `/${id}/sign`)).body).toMatchObject({ state: "in_use" })
    expect((await office.call("ying", "GET", "/requests")).body.rows).toMatchObject([
      { state: "handed_over", account_name: "成交 11", for_name: "林小英" },
    ])
    expect((await office.call("lan", "GET", "/requests")).body.rows).toEqual([])
    const back = { to: "ready", checklist: ALL_BACK }
    expect((await office.call("lan", "POST", `/${id}/give-back`, { reason: "不是我的" })).body).toMatchObject(
      {
        code: "not_custodian",
      },
    )
    expect((await office.call("ying", "POST", `/${id}/give-back`, { reason: "换岗" })).status).toBe(200)
    expect(
      (await office.call("keeper", "POST", `/${id}/take-back`, { ...back, checklist: { sim: true } })).body,
    ).toMatchObject({
      code: "checklist_incomplete",
      detail: {
        missing: ["device", "password", "bank_card", "bound_phone", "real_name", "groups", "customers"],
      },
    })
    expect((await office.call("keeper", "POST", `/${id}/take-back`, back)).body).toMatchObject({
      state: "ready",
    })
    expect((await office.call("ying", "GET", `/${id}`)).body).toMatchObject({
      custodian_name: null,
      unsigned: false,
      next: ["in_use"],
    })
    const history = (await office.call("ying", "GET", `/${id}/history`)).body
    expect(history.custody).toMatchObject([
      {
        staff_name: "林小英",
        handed_by_name: "钱保管",
        signed_at: expect.any(String),
        until: expect.any(String),
      },
    ])
    expect(history.returns).toMatchObject([
      { custodian_name: "林小英", checked_by_name: "钱保管", to_state: "ready", self_checked: false },
    ])
  })

  it("is not checked by its own custodian, unless the team is too small; then it is marked", async () => {
    const id = await office.account("会员 01", { function: "member", custodian_staff_id: office.id.keeper })
    await office.upload("second", id, PDF)
    await office.call("keeper", "POST", `/${id}/give-back`, { reason: "盘点" })
    const back = { to: "ready", checklist: ALL_BACK }
    expect((await office.call("keeper", "POST", `/${id}/take-back`, back)).body).toMatchObject({
      code: "self_check",
    })
    await office.call("owner", "PUT", "/settings", { small_team: true })
    expect((await office.call("keeper", "POST", `/${id}/take-back`, back)).status).toBe(200)
    expect((await office.call("ying", "GET", `/${id}/history`)).body.returns).toMatchObject([
      { self_checked: true },
    ])
    await office.call("owner", "PUT", "/settings", {})
  })

  it("handed to two people at the same moment it is one's, and the other hears whose", async () => {
    const id = await readyAccount("成交 12")
    const give = (staff_id: string) =>
      office.call("keeper", "POST", `/${id}/hand-over`, {
        staff_id,
        from_staff_id: null,
        checklist: ALL_HANDED,
      })
    const answers = await Promise.all([give(office.id.ying), give(office.id.lan)])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409])
    const { custodian_name } = (await office.call("keeper", "GET", `/${id}`)).body
    expect(answers.find((a) => a.status === 409)?.body).toMatchObject({
      code: "already_held",
      message: "账号已经在别人手里，请刷新后再看。",
      detail: { name: custodian_name },
    })
    const { n } = await oneRow<{ n: number }>(
      office.db,
      "select count(*) as n from accounts_custody where account_id = $1 and until is null",
      [id],
    )
    expect(n).toBe(1)
  })

  it("in use it passes straight on to a colleague, but never out of one's own hands by oneself", async () => {
    const id = await office.account("成交 13", { custodian_staff_id: office.id.keeper })
    const on = { staff_id: office.id.ying, from_staff_id: office.id.keeper }
    expect((await office.call("keeper", "POST", `/${id}/hand-over`, on)).body).toMatchObject({
      code: "self_check",
    })
    expect((await office.call("second", "POST", `/${id}/hand-over`, on)).body).toMatchObject({
      state: "in_use",
    })
    expect(
      (
        await office.call("second", "POST", `/${id}/hand-over`, {
          staff_id: null,
          from_staff_id: office.id.ying,
        })
      ).body,
    ).toMatchObject({ code: "return_first" })
    expect((await office.call("ying", "POST", `/${id}/sign`)).body).toMatchObject({ state: "in_use" })
  })

  it("what is promised to one request goes to nobody else, and to no second request", async () => {
    const id = await readyAccount("成交 14")
    const ask = async (who: "ying" | "lan") =>
      (await office.call(who, "POST", "/requests", { function: "sales", reason: "大促加人" })).body.id
    const [first, second] = [await ask("ying"), await ask("lan")]
    await office.call("keeper", "POST", `/requests/${first}/approve`, { account_id: id })
    expect(
      (await office.call("second", "POST", `/requests/${second}/approve`, { account_id: id })).body,
    ).toMatchObject({
      code: "account_promised",
    })
    expect(
      (
        await office.call("keeper", "POST", `/${id}/hand-over`, {
          staff_id: office.id.lan,
          from_staff_id: null,
          checklist: ALL_HANDED,
        })
      ).body,
    ).toMatchObject({ code: "account_promised", detail: { name: "林小英" } })
    expect((await office.call("lan", "POST", `/requests/${first}/cancel`)).status).toBe(404)
    expect(
      (await office.call("keeper", "POST", `/requests/${first}/reject`, { note: "先给会员组" })).status,
    ).toBe(200)
    expect(
      (await office.call("keeper", "POST", `/requests/${first}/reject`, { note: "再驳一次" })).body,
    ).toMatchObject({
      code: "request_closed",
      detail: { state: "rejected" },
    })
  })
})

describe("what somebody holds", () => {
  it("is listed by name and state until each is back or written off by an owner, and both stand in the audit", async () => {
    const [one, two] = [
      await office.account("离职 01", { custodian_staff_id: office.id.lan }),
      await office.account("离职 02", { custodian_staff_id: office.id.lan }),
    ]
    const held = async () =>
      (await accountsHeldBy(office.db, office.id.lan)).filter((a) => a.name.startsWith("离职"))
    expect(await held()).toMatchObject([
      { id: one, name: "离职 01", state: "in_use" },
      { id: two, name: "离职 02", state: "in_use" },
    ])
    await office.call("keeper", "POST", `/${one}/give-back`, { reason: "离职" })
    await office.call("keeper", "POST", `/${one}/take-back`, { to: "retired", checklist: ALL_BACK })
    expect((await office.call("keeper", "POST", `/${two}/write-off`, { reason: "被盗" })).status).toBe(403)
    expect((await office.call("owner", "POST", `/${two}/write-off`, {})).body).toMatchObject({
      code: "invalid_input",
      field: "reason",
    })
    expect(
      (await office.call("owner", "POST", `/${two}/write-off`, { reason: "被盗，找不回来" })).status,
    ).toBe(200)
    expect(await held()).toEqual([])
    expect(await actions(one)).toEqual(["accounts.give_back", "accounts.take_back"])
    expect(await actions(two)).toEqual(["accounts.write_off"])
    expect(
      (await office.call("owner", "POST", `/${two}/write-off`, { reason: "再来一次" })).body,
    ).toMatchObject({
      code: "illegal_transition",
      detail: { state: "written_off", allowed: [] },
    })
  })
})

describe("an account that the directory made", () => {
  it("works at once, and somebody has thirty days to bring its agreement; the agreement settles it", async () => {
    await tx(office.db, (t) =>
      takeListedAccounts(
        t,
        [{ channel: "wecom", ref: "hm_new", name: "会员 新", function: "member", leader_refs: [] }],
        office.now(),
      ),
    )
    const { rows: found } = (
      await office.call("keeper", "GET", "/findings?kind=agreement_missing&state=open")
    ).body as unknown as {
      rows: { account_id: string; account_name: string; due_on: string; owner_name: string }[]
    }
    const one = found.find((f) => f.account_name === "会员 新")!
    expect(one).toMatchObject({ due_on: "2026-12-23", owner_name: "钱保管", late: false })
    const settle = `/findings/${(one as unknown as { id: string }).id}/settle`
    expect((await office.call("keeper", "POST", settle, { note: "以后再说" })).body).toMatchObject({
      code: "agreement_missing",
    })
    expect((await office.call("keeper", "GET", `/${one.account_id}`)).body).toMatchObject({ state: "in_use" })
    await office.upload("keeper", one.account_id, PDF)
    const after = await office.call("keeper", "GET", `/findings?account_id=${one.account_id}`)
    expect(after.body.rows).toMatchObject([{ kind: "agreement_missing", resolved_by_name: "钱保管" }])
  })
})

describe("on whose identity an account runs", () => {
  const facts = { holder_name: "王五", phone: "13812348888", sim_owner: "公司", device: "手机 07" }

  it("is for keepers and its custodian alone; the number is masked, and seen whole only with a reason", async () => {
    const id = await office.account("实名 01", { custodian_staff_id: office.id.ying })
    expect((await office.call("keeper", "PUT", `/${id}/registration`, facts)).status).toBe(200)
    const seen = async (who: "keeper" | "ying" | "lan") =>
      (await office.call(who, "GET", `/${id}`)).body.registration
    expect(await seen("keeper")).toMatchObject({ holder_name: "王五", phone_masked: "138****8888" })
    expect(await seen("ying")).toMatchObject({ phone_masked: "138****8888" })
    expect(await seen("lan")).toBeNull()
    expect((await office.call("ying", "POST", `/${id}/reveal`, { reason: "补卡" })).status).toBe(403)
    expect((await office.call("keeper", "POST", `/${id}/reveal`, {})).status).toBe(400)
    expect((await office.call("keeper", "POST", `/${id}/reveal`, { reason: "去营业厅补卡" })).body).toEqual({
      phone: "13812348888",
    })
    const kept = await rows(office.db, "select * from platform_audit where target = $1", [`account:${id}`])
    expect(JSON.stringify(kept)).toContain("去营业厅补卡")
    const told = JSON.stringify([kept, await rows(office.db, "select * from facts")])
    for (const canary of ["13812348888", "王五", "手机 07"]) expect(told).not.toContain(canary)
  })

  it("a masked number that comes back empty keeps the one that stands, and a channel's name is one account's", async () => {
    const [one, two] = [
      await office.account("实名 02"),
      await office.account("实名 03", { channel_ref: "hm_taken" }),
    ]
    await office.call("keeper", "PUT", `/${one}/registration`, facts)
    await office.call("keeper", "PUT", `/${one}/registration`, { ...facts, phone: null, device: "手机 08" })
    expect((await office.call("keeper", "POST", `/${one}/reveal`, { reason: "核对" })).body.phone).toBe(
      "13812348888",
    )
    expect(
      (await office.call("keeper", "PUT", `/${one}/registration`, { ...facts, channel_ref: "hm_taken" }))
        .body,
    ).toMatchObject({
      code: "ref_taken",
      detail: { account: "实名 03" },
    })
    expect(
      (await office.call("keeper", "PUT", `/${two}/registration`, { ...facts, phone: "1381234x" })).body,
    ).toMatchObject({
      code: "invalid_input",
      field: "phone",
    })
  })
})

describe("an account's files", () => {
  it("are PDF, PNG or JPG by their bytes, with a day that has been; anything else is refused with what to do", async () => {
    const id = await office.account("文件 01")
    const code = async (content: Buffer, query?: Record<string, string>) =>
      (await office.upload("keeper", id, content, query)).body.code
    expect(await code(Buffer.from("<html><script>alert(1)</script>"))).toBe("file_type_unknown")
    expect(await code(Buffer.alloc(0))).toBe("file_type_unknown")
    expect(await code(PDF, { signed_on: "2026-11-24" })).toBe("signed_later")
    expect(await code(PDF, { signed_on: "2026-02-31" })).toBe("invalid_input")
    expect(await code(PDF, { signed_on: "" })).toBe("invalid_input")
    expect(await code(PDF, { kind: "selfie" })).toBe("invalid_input")
    expect(await code(PDF, { name: "a\u0000b.pdf" })).toBe("invalid_input")
    expect(await code(Buffer.concat([PDF, Buffer.alloc(10 * 1024 ** 2)]))).toBe("file_too_large")
    const [first, again] = [await office.upload("keeper", id, PDF), await office.upload("keeper", id, PDF)]
    expect(again.body.id).toBe(first.body.id)
  })

  it("leave as a download that no browser runs, for keepers and the custodian, and who looked is kept", async () => {
    const id = await office.account("文件 02", { custodian_staff_id: office.id.ying })
    const { body } = await office.upload("keeper", id, PDF, { name: "../../林 协议.html" })
    const get = (who: string | null, of = id) =>
      office.app.inject({
        url: `/api/accounts/${of}/files/${body.id}`,
        headers: who ? { cookie: `siyu_session=${who}` } : {},
      })
    const given = await get("ying")
    expect(given.rawPayload.equals(PDF)).toBe(true)
    expect(given.headers).toMatchObject({
      "content-type": "application/pdf",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    })
    expect(given.headers["content-disposition"]).toMatch(/^attachment; filename\*=UTF-8''[^/\\]+\.pdf$/)
    expect((await get(null)).statusCode).toBe(401)
    expect((await get("lan")).statusCode).toBe(403)
    expect((await get("viewer")).statusCode).toBe(403)
    expect((await get("keeper", await office.account("文件 03"))).statusCode).toBe(404)
    expect((await office.upload("lan", id, PDF)).status).toBe(403)
    expect(await actions(id)).toEqual(["accounts.file", "accounts.read_file"])
  })
})
