import type { Channel } from "../../channels/protocol/index.ts"
import { DAY_MS } from "../../kernel/day.ts"
import { isRefused } from "../../kernel/result.ts"
import * as accounts from "../../modules/accounts/index.ts"
import * as analytics from "../../modules/analytics/index.ts"
import * as classes from "../../modules/classes/index.ts"
import * as codes from "../../modules/codes/index.ts"
import * as customers from "../../modules/customers/index.ts"
import * as groups from "../../modules/groups/index.ts"
import * as imports from "../../modules/imports/index.ts"
import * as orders from "../../modules/orders/index.ts"
import * as plans from "../../modules/plans/index.ts"
import * as points from "../../modules/points/index.ts"
import * as segments from "../../modules/segments/index.ts"
import * as sends from "../../modules/sends/index.ts"
import * as sidebar from "../../modules/sidebar/index.ts"
import * as staff from "../../modules/staff/index.ts"
import * as tags from "../../modules/tags/index.ts"
import * as transfers from "../../modules/transfers/index.ts"
import * as value from "../../modules/value/index.ts"
import type { Clock } from "../../platform/clock.ts"
import { type Db, tx } from "../../platform/db.ts"
import type { Route } from "../../platform/http/index.ts"
import type { Loop } from "../../platform/loops.ts"
import { type FactHandler, makePartitions } from "../../spine/facts/index.ts"
import { createRegistry, type Offers, type Registry } from "../../spine/offers/index.ts"
import {
  askReceipts,
  callOffPlay,
  deliverOnce,
  doDeeds,
  makeTouchPartitions,
  outboxOffers,
  recallTasks,
  remindStaff,
  resolveOpen,
  sendWelcomes,
  tendCalledOff,
  tendSends,
  touchDelivered,
  type World,
  welcome,
} from "../../spine/outbox/index.ts"
import { type OutcomeWords, outcomesHandler } from "../../spine/outcomes/index.ts"
import {
  enterAudiences,
  followAudiences,
  type PlayWorld,
  playOffers,
  playsHandler,
  playsOfSteps,
  stepPlays,
  tendEndings,
} from "../../spine/plays/index.ts"
import { CHANGES_KEPT_DAYS, pruneChanges, traitOffers } from "../../spine/traits/index.ts"
import { CARRIES } from "./carries.ts"
import { channelRoutes } from "./channels-panel/routes.ts"
import type { TagIntake } from "./intake.ts"
import { type SandboxControl, sandboxRoutes } from "./sandbox-panel/routes.ts"
import { tagUsers } from "./tag-users.ts"
import { outboxWorld } from "./world.ts"

/** What a running process lends the modules; nulls where this place has none. */
export type Lent = {
  sandbox: SandboxControl | null
  /** What the company can speak through; the manual channel is always there. */
  channels: readonly Channel[]
}

export type Wired = {
  registry: Registry
  routes: Route[]
  handlers: FactHandler[]
  /** What the intake hands tags of the channel to. */
  tags: TagIntake
  world: World
  /** Of the handlers, those who keep what is known of customers. They act on nobody. */
  knowing: FactHandler[]
  /** Work that is due by time rather than by facts. */
  loops(place: { db: Db; clock: Clock }): Loop[]
}

const OUTBOX_REST_MS = 500
const RESOLVE_REST_MS = 2_000
const RECEIPTS_REST_MS = 2_000
const WELCOME_REST_MS = 200
const PLAYS_REST_MS = 1_000
const AUDIENCES_REST_MS = 30_000
const PARTITIONS_REST_MS = 3_600_000

/** Codes are made by the first channel that can. */
function wayMaker(channels: readonly Channel[]): codes.WayMaker | null {
  const service = channels.find((c) => c.services.contact_way)?.services.contact_way
  if (!service) return null
  return async (wish) => {
    const made = await service.create({ ...wish, skip_verify: true })
    return "failure" in made ? { failure: { code: made.failure.code, detail: made.failure.detail } } : made
  }
}

/** The first channel that has a client with our pages in it. */
function chatClient(channels: readonly Channel[]): sidebar.ChatClient | null {
  const channel = channels.find((c) => c.services.staff_page)
  const page = channel?.services.staff_page
  return channel && page ? { channel: channel.name, ...page } : null
}

/** The taxonomy is kept in step with the first channel that has a catalogue. */
const tagCatalogue = (channels: readonly Channel[]): tags.Catalogue | null =>
  channels.find((c) => c.services.tag_catalogue)?.services.tag_catalogue ?? null

/** Every module that the server knows, in one place: routes for the door, handlers for facts, offers for the spine. */
export function wire(lent: Lent): Wired {
  const world = outboxWorld(lent.channels)
  const offers: Offers[] = [
    playOffers,
    accounts.offers,
    customers.offers,
    tags.offers,
    orders.offers,
    groups.offers,
    points.offers,
    classes.offers,
    value.offers,
    outboxOffers(world, { kinds: plans.ASSIGNMENT_KINDS, situations: accounts.SITUATION_WORDS }),
    segments.offers,
    transfers.offers,
  ]
  const registry = createRegistry([traitOffers(offers.flatMap((o) => o.traits ?? [])), ...offers])
  const playWorld: PlayWorld = { registry, onStopped: callOffPlay }
  const knowing = [
    ...customers.handlers,
    ...orders.handlers,
    ...groups.handlers,
    ...points.handlers,
    ...classes.handlers,
  ]
  const plays = playsHandler(playWorld, knowing)
  const sendsDeps: sends.SendsDeps = {
    world,
    registry: () => registry,
    segmentRule: async (q, id, now) => {
      const found = await segments.segmentAudience(q, registry, id, now)
      return isRefused(found) ? found : found.audience.tree
    },
  }
  const keeping: tags.KeepingDeps = {
    registry: () => registry,
    segment: async (q, id, now) => {
      const found = await segments.segmentAudience(q, registry, id, now)
      return isRefused(found) ? found : found.audience
    },
  }
  const transferDeps: transfers.TransferDeps = { world, registry: () => registry }
  const wordsOf = (action: string) =>
    routes.find((r) => r.endpoint.id === action)?.endpoint.summary ?? UNROUTED.get(action) ?? null
  const routes: Route[] = [
    ...staff.routes(wordsOf),
    ...staff.roleRoutes(() => routes.map((route) => route.endpoint.permission)),
    ...imports.routes(IMPORT_KINDS),
    ...accounts.routes({
      contactCounts: customers.contactCounts,
      addedSince: customers.contactsAddedSince,
      taggedCounts: tags.taggedContacts,
    }),
    ...customers.routes(() => registry),
    ...customers.mergeRoutes(CARRIES),
    ...tags.routes({
      ...keeping,
      users: tagUsers,
      catalogue: () => tagCatalogue(lent.channels),
      inGroup: (id) => ({ offer: "groups.in", version: 1, args: { group_ids: [id] } }),
    }),
    ...groups.routes,
    ...orders.routes,
    ...classes.routes,
    ...value.routes,
    ...segments.routes(() => registry),
    ...transfers.routes(transferDeps),
    ...points.routes,
    ...codes.routes({
      makeWay: () => wayMaker(lent.channels),
      knownTags: tags.knownTags,
      addedByState: customers.addedByState,
    }),
    ...sends.routes(sendsDeps),
    ...plans.diversionRoutes(sendsDeps),
    ...plans.routes({
      registry: () => registry,
      maySee: async (q, id, scope) => (await customers.profileOf(q, id, scope)) !== undefined,
    }),
    ...sidebar.routes({ registry: () => registry, client: () => chatClient(lent.channels) }),
    ...analytics.routes(() => registry.traits),
    ...channelRoutes(world),
    ...sandboxRoutes(() => lent.sandbox),
  ]
  return {
    registry,
    routes,
    handlers: [
      ...codes.handlers({
        welcome: (t, greetings, now) => welcome(t, world, greetings, now),
        async tag(t, given, now) {
          for (const code_id of new Set(given.map((g) => g.code_id)))
            await tags.assign(
              t,
              given
                .filter((g) => g.code_id === code_id)
                .flatMap(({ customer_id, tag_ids }) => tag_ids.map((tag_id) => ({ customer_id, tag_id }))),
              { source: "code", by: code_id, at: now },
            )
        },
      }),
      ...knowing,
      classes.stepDownHandler,
      plays,
      accounts.nurtureHandler(customers.contactAdded.type),
      accounts.mixHandler,
      plans.diversionHandler,
      plans.introductionHandler({
        world,
        teams: staff.teamOfStaff,
        contactCounts: customers.contactCounts,
      }),
      ...transfers.handlers,
      tags.markHandler(world),
      outcomesHandler(OUTCOME_WORDS),
      ...analytics.handlers,
    ],
    knowing,
    tags: { catalogue: tags.takeCatalogue, worn: tags.takeWorn },
    world,
    loops: (place) => [
      ...orders.loops(place),
      {
        name: "imports",
        rest_ms: imports.IMPORT_REST_MS,
        round: () => imports.runNextImport(place.db, IMPORT_KINDS, () => place.clock.now()),
      },
      {
        name: "imports.expiry",
        rest_ms: imports.IMPORT_EXPIRY_REST_MS,
        round: () => imports.expireImports(place.db, place.clock.now()),
      },
      ...tags.loops(place, keeping, () => tagCatalogue(lent.channels)),
      ...accounts.loops(place),
      ...points.loops(place),
      ...classes.loops(place),
      ...value.loops(place),
      ...outboxLoops(place, world),
      ...playLoops(place, playWorld, plays),
      ...sends.loops(place, sendsDeps),
      ...plans.loops(place, registry, sendsDeps),
      ...customers.mergeLoops(place, CARRIES),
      ...customers.upgradeLoops(place),
      ...segments.loops(place, () => registry),
      ...transfers.loops(place, transferDeps),
    ],
  }
}

/** What files can bring. */
export const IMPORT_KINDS = imports.importKinds([
  customers.customersKind([tags.tagsColumn]),
  tags.tagsKind,
  orders.ordersKind(),
  accounts.accountsKind(),
])

/** What the audit calls the doors that carry files. */
const UNROUTED = new Map(
  [imports.UPLOAD_ACTION, ...Object.values(accounts.FILE_ACTIONS)].map(({ id, words }) => [
    id as string,
    words,
  ]),
)

/** How the facts of money are called here, and what reached a person: sends, plays, and the codes people came by. */
const OUTCOME_WORDS: OutcomeWords = {
  paid: orders.orderPaid.type,
  extended: orders.orderExtended.type,
  refunded: orders.orderRefunded.type,
  cancelled: orders.orderCancelled.type,
  merged: customers.customersMerged.type,
  parted: customers.customersParted.type,
  touchpoints: {
    [touchDelivered.type]: (p) =>
      p.cause_kind === "send" || p.cause_kind === "play"
        ? { kind: p.cause_kind, id: String(p.cause_id), step: Number(p.visit) }
        : null,
    [customers.contactAdded.type]: (p) => (p.state ? { kind: "code", id: String(p.state) } : null),
  },
  plays: playsOfSteps,
}

type Place = { db: Db; clock: Clock }

function playLoops({ db, clock }: Place, world: PlayWorld, plays: ReturnType<typeof playsHandler>): Loop[] {
  return [
    {
      name: "plays",
      rest_ms: PLAYS_REST_MS,
      async round() {
        await plays.refresh(db)
        return stepPlays(db, world, clock.now())
      },
    },
    { name: "plays ended", rest_ms: PLAYS_REST_MS, round: () => tendEndings(db, world, clock.now()) },
    {
      name: "audience plays",
      rest_ms: AUDIENCES_REST_MS,
      round: async () =>
        (await enterAudiences(db, world.registry, clock.now())) +
        (await followAudiences(db, world.registry, clock.now())),
    },
  ]
}

function outboxLoops({ db, clock }: Place, world: World): Loop[] {
  return [
    { name: "welcomes", rest_ms: WELCOME_REST_MS, round: () => sendWelcomes(db, world, clock.now()) },
    {
      name: "partitions",
      rest_ms: PARTITIONS_REST_MS,
      round: async () => {
        await makePartitions(db, new Date())
        await makeTouchPartitions(db, clock.now())
        await tx(db, (t) => pruneChanges(t, new Date(Date.now() - CHANGES_KEPT_DAYS * DAY_MS)))
        return 0
      },
    },
    {
      name: "outbox",
      rest_ms: OUTBOX_REST_MS,
      round: async () => {
        const { placed, parcels, stale } = await deliverOnce(db, world, clock.now())
        return placed + parcels + stale
      },
    },
    { name: "deeds", rest_ms: OUTBOX_REST_MS, round: () => doDeeds(db, world, clock.now()) },
    { name: "unknown outcomes", rest_ms: RESOLVE_REST_MS, round: () => resolveOpen(db, world, clock.now()) },
    { name: "receipts", rest_ms: RECEIPTS_REST_MS, round: () => askReceipts(db, world, clock.now()) },
    {
      name: "tasks of staff",
      rest_ms: RECEIPTS_REST_MS,
      round: async () =>
        (await recallTasks(db, world, clock.now())) + (await remindStaff(db, world, clock.now())),
    },
    { name: "sends", rest_ms: OUTBOX_REST_MS, round: () => tendSends(db, clock.now()) },
    { name: "plays called off", rest_ms: OUTBOX_REST_MS, round: () => tendCalledOff(db, clock.now()) },
  ]
}
