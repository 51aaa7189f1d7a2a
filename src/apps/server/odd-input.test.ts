import fc from "fast-check"
import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import type { Endpoint } from "../../kernel/contract.ts"
import { problemSchema } from "../../kernel/contract.ts"
import { newId } from "../../kernel/ids.ts"
import { unkeepable } from "../../kernel/text.ts"
import { takeContacts } from "../../modules/customers/index.ts"
import { BUILT_IN } from "../../modules/plans/built-in.ts"
import { ensureOwner } from "../../modules/staff/index.ts"
import { createToken } from "../../platform/auth/tokens.ts"
import { type Db, oneRow, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { catalogue } from "../../spine/offers/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { createServer } from "./create-server.ts"
import { asJson, broken, fitting, type Hints, misfit, type Schema } from "./from-schema.test-kit.ts"
import { wire } from "./wiring.ts"

/** Calls of each endpoint, and the seed of them all; a failure prints what to set to see it again. */
const RUNS = Number(process.env.SIYU_FUZZ_RUNS ?? 12)
const SEED = Number(process.env.SIYU_FUZZ_SEED ?? Date.now() % 0x7fff_ffff)

const now = new Date("2026-11-23T04:00:00Z")
const { routes, registry } = wire({ sandbox: null, channels: [] })
let db: Db
let app: FastifyInstance
let token: string
/** Ids that some answer has shown, and those that the calls must not get hold of: the caller's own. */
const ids = new Set<string>()
const own = new Set<string>()

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  await ensureOwner(db, "owner-password-1", now)
  app = await createServer({ db, clock: { now: () => now }, routes })
  const owner = await oneRow<{ id: string }>(db, "select id from staff_members where role = 'owner'")
  const made = await createToken(db, { name: "odd", staff_id: owner.id })
  token = made.token
  own.add(owner.id).add(made.id)
  const contacts = Array.from({ length: 5 }, (_, n) => ({
    account_id: newId(),
    custodian_staff_id: owner.id,
    external_userid: `wm_${n}`,
    at: now,
    origin: "live" as const,
  }))
  for (const id of await tx(db, (t) => takeContacts(t, contacts, now))) ids.add(id)
})

const idOf = () => [...ids][Math.floor(Math.random() * ids.size)] ?? newId()

const leaf = fc.oneof(
  ...catalogue(registry).conditions.map((c) =>
    fitting(c.args as Schema, { id: idOf, named: {} }).map((args) => ({
      offer: c.name,
      version: c.version,
      args,
    })),
  ),
)
const tree = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }).map((all) => ({ all })),
  fc.record({ any: fc.array(leaf, { maxLength: 2 }).map((any) => [{ all: [] }, ...any]) }),
  leaf.map((not) => ({ not })),
)
const definition = fc.oneof(
  fc.constantFrom(...BUILT_IN.map((play) => play.definition)),
  tree.map((t) => ({
    entry: { on: "audience", tree: t, at: "10:00" },
    first: "end",
    nodes: { end: { kind: "stop" } },
  })),
)
const hints: Hints = { id: idOf, named: { rule: tree, definition } }

type Part = "params" | "query" | "body"
type Sent = Record<Part, unknown>
const schemaOf = (endpoint: Endpoint, part: Part | "answer") =>
  z.toJSONSchema(endpoint[part], {
    io: part === "answer" ? "output" : "input",
    unrepresentable: "any",
  }) as Schema

/** Input of which at most one part is broken. */
function inputOf(endpoint: Endpoint): fc.Arbitrary<Sent> {
  const fits = (part: Part) => fitting(schemaOf(endpoint, part), hints)
  const whole = fc.record({ params: fits("params"), query: fits("query"), body: fits("body") })
  const parts = (["params", "query", "body"] as const).filter(
    (part) => part === "body" || Object.keys(schemaOf(endpoint, part).properties ?? {}).length > 0,
  )
  return fc.oneof(
    whole,
    ...parts.map((part) =>
      fc.tuple(whole, broken(fits(part))).map(([sent, odd]) => ({ ...sent, [part]: odd })),
    ),
  )
}

/** As it goes over the wire, where everything but a body is text. */
function encoded(endpoint: Endpoint, sent: Sent): { url: string; payload?: string } {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value ?? ""))
  const params = (typeof sent.params === "object" ? sent.params : null) as Record<string, unknown> | null
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(text(params?.[name]).toWellFormed().slice(0, 2_000)),
  )
  const query = new URLSearchParams(
    Object.entries(typeof sent.query === "object" && sent.query !== null ? sent.query : { q: sent.query })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, text(value)]),
  )
  const url = query.size > 0 ? `${path}?${query}` : path
  return endpoint.method === "GET" ? { url } : { url, payload: asJson(sent.body ?? {}) }
}

/** Asked with a body and changing nothing, or only who is signed in. */
const NO_CHANGE = new Set([
  "session.open",
  "session.close",
  "segments.count",
  "segments.preview",
  "sends.preview",
  "plays.say",
  "plays.try",
])
const auditRows = async () =>
  (await oneRow<{ n: number }>(db, "select coalesce(max(seq), 0) as n from platform_audit")).n

async function complaint(endpoint: Endpoint, sent: Sent): Promise<string | null> {
  const { url, payload } = encoded(endpoint, sent)
  const before = await auditRows()
  const answer = await app.inject({
    method: endpoint.method,
    url,
    headers: {
      authorization: `Bearer ${token}`,
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(payload === undefined ? {} : { payload }),
  })
  const said = `${endpoint.method} ${url.slice(0, 300)} ${payload?.slice(0, 300) ?? ""}: ${answer.statusCode} ${answer.body.slice(0, 300)}`
  if (answer.statusCode >= 500) return said
  const body: unknown = answer.json()
  if (answer.statusCode >= 400) {
    const problem = problemSchema.safeParse(body)
    const known = problem.success && problem.data.code in endpoint.refusals
    return known && problem.data.message && problem.data.message_en ? null : `no such refusal: ${said}`
  }
  for (const [id] of answer.body.matchAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g)) if (!own.has(id)) ids.add(id)
  const written = (await auditRows()) - before
  const changes = endpoint.method !== "GET" && !NO_CHANGE.has(endpoint.id)
  if (written !== (changes ? 1 : 0)) return `${written} rows of audit: ${said}`
  if (payload !== undefined && (unkeepable(sent.body ?? {}) || !takes(endpoint, sent.body)))
    return `took what its schema forbids: ${said}`
  const wrong = misfit(schemaOf(endpoint, "answer"), body)
  return wrong ? `${wrong}: ${said}` : null
}

/** Whether the body, as it reads once it has been written as JSON, is what the contract asks for. */
function takes(endpoint: Endpoint, body: unknown): boolean {
  return endpoint.body.safeParse(JSON.parse(asJson(body ?? {}))).success
}

describe("input made from the contracts, whole and broken", () => {
  console.info(`odd input: SIYU_FUZZ_SEED=${SEED} SIYU_FUZZ_RUNS=${RUNS}`)
  it.each(routes.map((r) => [r.endpoint.id, r.endpoint] as const))(
    "%s answers as its contract says, and never with a bug of ours",
    async (_, endpoint) => {
      await fc.assert(
        fc.asyncProperty(inputOf(endpoint), async (sent) => {
          expect(await complaint(endpoint, sent)).toBeNull()
        }),
        { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: 50_000 },
      )
    },
  )
})
