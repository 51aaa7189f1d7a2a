import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, run, tx } from "../../../platform/db.ts"
import { type Actor, createHttp } from "../../../platform/http/index.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { cancelTouches, deliverOnce, outboxOffers, type World } from "../../../spine/outbox/index.ts"
import {
  approvedSend,
  company,
  days,
  memoryChannel,
  minutes,
  NOON,
  only,
} from "../../../spine/outbox/outbox.fixture.ts"
import {
  createPlay,
  enter,
  playDefinition,
  playOffers,
  publishVersion,
  saveDraft,
  stepPlays,
} from "../../../spine/plays/index.ts"
import * as customers from "../../customers/index.ts"
import { routes } from "../index.ts"

const [lead, operator, stranger] = [newId(), newId(), newId()]
const staff = (staff_id: string, scope: string[] | null): Actor => ({
  kind: "staff",
  staff_id,
  name: "x",
  role: "operator",
  can: (p) => p === "customers.read",
  scope,
})
const actors: Record<string, Actor> = {
  lead: staff(lead, null),
  operator: staff(operator, [operator]),
  team: staff(lead, [lead, operator]),
  stranger: staff(stranger, [stranger]),
}
let db: Db
let app: FastifyInstance
let world: World
let account: string
const registry = () => createRegistry([playOffers, outboxOffers(world), customers.offers])

beforeAll(async () => {
  db = await testDb()
  const made = await company(db, memoryChannel("memory").channel)
  account = made.accounts[0]!.id
  await run(
    db,
    `insert into accounts_accounts (id, channel, channel_ref, name, function, created_at) values ($1, 'memory', 'acct0', '小甜', 'ip', $2)`,
    [account, NOON],
  )
  world = {
    ...made.world,
    contacts: `select customer_id, account_id, ref, name, added_at, opted_out from test_contacts`,
  }
  app = await createHttp({
    db,
    clock: { now: () => NOON },
    routes: routes({
      registry,
      maySee: async (q, id, scope) => (await customers.profileOf(q, id, scope)) !== undefined,
    }),
    resolveActor: async ({ bearer }) => actors[bearer ?? ""] ?? null,
  })
})

let serial = 0
async function person(options: { contact?: boolean } = {}): Promise<string> {
  serial += 1
  const [id] = await tx(db, (t) =>
    customers.ensureCustomers(
      t,
      [
        {
          identities: [{ kind: "phone" as const, value: `1380000${String(serial).padStart(4, "0")}` }],
          name: "芳芳",
          seen_at: NOON,
        },
      ],
      NOON,
    ),
  )
  await run(db, "update customers_customers set owner_staff_id = $2 where id = $1", [id, operator])
  if (options.contact ?? true)
    await run(
      db,
      "insert into test_contacts (customer_id, account_id, ref, name, added_at) values ($1::uuid, $2, 'wm_' || $1::text, '芳芳', $3)",
      [id, account, NOON],
    )
  return id!
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they came off the wire
async function touches(who: string, id: string, query = ""): Promise<{ status: number; body: any }> {
  const answer = await app.inject({
    method: "GET",
    url: `/api/customers/${id}/touches${query}`,
    headers: { authorization: `Bearer ${who}` },
  })
  return { status: answer.statusCode, body: answer.json() }
}

const named = (id: string, name: string) =>
  run(
    db,
    `insert into sends_sends (id, name, text, nature, rule, send_at, expires_at, author_id, created_at, updated_at)
     values ($1, $2, 'x', 'selling', '{}', $3, $3, $4, $3, $3)`,
    [id, name, NOON, lead],
  )

describe("what one customer got, will get and did not get", () => {
  it("is told with the words they read, the send, the account and when it went out", async () => {
    const id = await person()
    const send = await approvedSend(db, world, {
      audience: only([id]),
      content: { text: "{{name}},今晚八点上新" },
    })
    await named(send, "双十一返场")
    expect((await touches("lead", id)).body).toMatchObject({
      rows: [{ part: "coming", state: "planned", handed_at: null, settled_at: null }],
      counts: { got: 0, coming: 1, not_got: 0 },
    })
    await deliverOnce(db, world, minutes(1))
    const { rows, counts } = (await touches("lead", id)).body
    expect(counts).toEqual({ got: 1, coming: 0, not_got: 0 })
    expect(rows).toMatchObject([
      {
        part: "got",
        state: "delivered",
        text: "芳芳,今晚八点上新",
        nature: "selling",
        cause: { kind: "send", id: send, name: "双十一返场" },
        account: { id: account, name: "小甜" },
        handed_at: minutes(1).toISOString(),
        settled_at: minutes(1).toISOString(),
      },
    ])
  })

  it("a refusal stands with its reason: the cap, no account that knows them, a send that was called off", async () => {
    const capped = await person()
    await approvedSend(db, world, { audience: only([capped]) })
    await approvedSend(db, world, { audience: only([capped]) })
    const lone = await person({ contact: false })
    await approvedSend(db, world, { audience: only([lone]) })
    const spared = await person()
    const off = await approvedSend(db, world, { audience: only([spared]), at: days(1) })
    await tx(db, (t) => cancelTouches(t, { kind: "send", ids: [off] }, "send_cancelled", NOON, 10))
    const told = async (id: string) =>
      (await touches("lead", id, "?part=not_got")).body.rows.map(
        (r: { state: string; reason: string }) => `${r.state} ${r.reason}`,
      )
    expect(await told(capped)).toEqual(["left_out capped"])
    expect(await told(lone)).toEqual(["left_out no_contact"])
    expect(await told(spared)).toEqual(["cancelled send_cancelled"])
  })

  it("what a play says names the play, and what ended it names the fact in words", async () => {
    const id = await person()
    const play = { registry: registry(), onStopped: async () => undefined }
    const definition = {
      entry: { on: "request" },
      first: "hello",
      nodes: {
        hello: {
          kind: "action",
          action: { offer: "outbox.send_message", version: 1, args: { text: "早上好,{{name}}" } },
          next: null,
        },
      },
    }
    const play_id = await tx(db, async (t) => {
      const made = await createPlay(t, { name: "新客旅程" }, NOON)
      const saved = await saveDraft(t, play.registry, { play_id: made, definition, author_id: null }, NOON)
      if ("refused" in saved) throw new Error(JSON.stringify(saved))
      await publishVersion(t, made, saved.version, NOON)
      return made
    })
    const active = {
      play_id,
      version: 1,
      state: "published",
      definition: playDefinition.parse(definition),
    }
    await tx(db, (t) => enter(t, active, [{ customer_id: id, cause: "hand", anchor_at: NOON }], NOON))
    await stepPlays(db, play, minutes(1))
    const enrolment = (await touches("lead", id)).body.rows[0]
    expect(enrolment).toMatchObject({
      part: "coming",
      text: "早上好,芳芳",
      cause: { kind: "play", id: play_id, name: "新客旅程" },
    })
    const { rows } = await db.query("select id from plays_enrolments where customer_id = $1", [id])
    await tx(db, (t) =>
      cancelTouches(t, { kind: "play", ids: [rows[0].id] }, "fact:customer.contact_removed", minutes(2), 10),
    )
    expect((await touches("lead", id)).body.rows[0]).toMatchObject({
      state: "cancelled",
      reason: "fact",
      stopped_by: { zh: expect.stringMatching(/\p{Script=Han}/u) },
    })
  })

  it("greetings stand among them, the one that came too late as not got", async () => {
    const id = await person()
    const greet = (key: string, state: string) =>
      run(
        db,
        `insert into outbox_welcomes (key, customer_id, account_id, ref, code, content, until, made_at, state)
         values ($1, $2, $3, 'r', 'c', '{"text": "欢迎{{name}}", "name": "芳芳"}', $4, $4, $5)`,
        [key, id, account, NOON, state],
      )
    await greet(`greet/${id}/1`, "sent")
    await greet(`greet/${id}/2`, "missed")
    const { rows, counts } = (await touches("lead", id)).body
    expect(counts).toEqual({ got: 1, coming: 0, not_got: 1 })
    expect(rows.map((r: { text: string; reason: string | null }) => [r.text, r.reason])).toEqual([
      ["欢迎芳芳", "welcome_missed"],
      ["欢迎芳芳", null],
    ])
  })

  it("comes page by page, newest first, each once, also where many were made in one moment", async () => {
    const id = await person()
    for (let n = 0; n < 7; n++)
      await approvedSend(db, world, {
        audience: only([id]),
        nature: "service",
        at: minutes(n < 4 ? 10 : n * 60),
      })
    const seen: string[] = []
    const moments: string[] = []
    let cursor: string | null = null
    do {
      const { body } = await touches("lead", id, `?limit=2${cursor ? `&cursor=${cursor}` : ""}`)
      seen.push(...body.rows.map((r: { key: string }) => r.key))
      moments.push(...body.rows.map((r: { at: string }) => r.at))
      cursor = body.next_cursor
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(7)
    expect(seen).toHaveLength(7)
    expect(moments).toEqual([...moments].sort().reverse())
    expect((await touches("lead", id, "?cursor=x")).status).toBe(400)
  })

  it("is shown to whoever may see the customer and to nobody else", async () => {
    const id = await person()
    await approvedSend(db, world, { audience: only([id]) })
    for (const who of ["operator", "team", "lead"])
      expect((await touches(who, id)).body.rows, who).toHaveLength(1)
    expect(await touches("stranger", id)).toMatchObject({ status: 404, body: { code: "not_found" } })
    expect((await touches("nobody", id)).status).toBe(401)
  })
})
