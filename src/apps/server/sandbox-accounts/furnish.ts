import { atTime, dayNumber, dayString, parseDay } from "../../../kernel/day.ts"
import { HANDOVER_ITEMS, RETURN_ITEMS } from "../../../modules/accounts/custody/contract.ts"
import { allAccounts } from "../../../modules/accounts/index.ts"
import { NURTURE_ITEMS } from "../../../modules/accounts/nurture/contract.ts"
import { firstOwner, staffIdsByName } from "../../../modules/staff/index.ts"
import type { Db } from "../../../platform/db.ts"
import type { Route } from "../../../platform/http/index.ts"
import { sampleAgreement } from "./agreement.ts"
import { itemsOf, LIVES, type Life } from "./lives.ts"
import { openStage, type Stage } from "./stage.ts"

const KEEPER = "钱晓敏"
const all = (items: readonly string[]) => Object.fromEntries(items.map((item) => [item, true]))
const HANDED = { ...all(HANDOVER_ITEMS), top_up_by: "公司" }
const BACK = all(RETURN_ITEMS)
const ACCOUNTS_LOOKED_AT = 2_000

export type Furnished = "made" | "there" | "too_early"

/**
 * Gives the invented company accounts in every state, with what became of them in the last three months. All of it is done by the
 * people of the company through the company's own doors, so that histories, the calendar, findings and the audit are as they would
 * have become. Once; and not before the people have come in.
 */
export async function furnish(place: { db: Db; routes: readonly Route[] }, now: Date): Promise<Furnished> {
  const { db } = place
  const people = await staffIdsByName(db, [...LIVES.map((l) => l.by), KEEPER])
  const owner = (await firstOwner(db))?.id
  if (!owner || LIVES.some((l) => !people.has(l.by))) return "too_early"
  const there = new Set((await allAccounts(db, ACCOUNTS_LOOKED_AT)).map((a) => a.name))
  if (LIVES.some((l) => there.has(l.name))) return "there"
  const stage = await openStage(db, place.routes, now)
  try {
    const keeper =
      people.get(KEEPER) ??
      (await stage.does(owner, now, "/staff", { name: KEEPER, role: "asset_keeper" })).id
    await tell(stage, { owner, keeper, of: (name) => people.get(name)! }, now)
    return "made"
  } finally {
    await stage.close()
  }
}

type People = { owner: string; keeper: string; of(name: string): string }

/** The story in its order: what was before the first stocktake, that stocktake, what has been since, and the one that is open. */
async function tell(stage: Stage, people: People, now: Date): Promise<void> {
  const ids = new Map<string, string>()
  for (const life of LIVES) ids.set(life.name, await raise(stage, people, life, ago(now)))
  const named = (end: Life["end"]) => {
    const life = LIVES.find((l) => l.end === end)!
    return { id: ids.get(life.name)!, user: people.of(life.by) }
  }
  const closed = daysSinceClosing(now)
  /** So many days ago, but after the stocktake was through. */
  const since = (days: number) => ago(now)(Math.min(days, closed - 1))
  await lastStocktake(stage, people, { lost: named("written_off"), strayed: named("restricted") }, now)

  await stage.does(people.owner, since(27), `/accounts/${named("written_off").id}/write-off`, {
    reason: "上次盘点没盘到：手机丢失，号也登不上了",
  })
  await stage.does(named("retired").user, since(20), `/accounts/${named("retired").id}/give-back`, {
    reason: "这个方向不做了",
  })
  await stage.does(people.keeper, since(18), `/accounts/${named("retired").id}/take-back`, {
    to: "retired",
    checklist: BACK,
    note: "逐项收齐，停用",
  })
  await stage.does(named("restricted").user, since(3), `/accounts/${named("restricted").id}/incidents`, {
    kind: "restricted",
    note: "一天里加人太多，被限制加好友七天",
  })
  await stage.does(named("returning").user, since(1), `/accounts/${named("returning").id}/give-back`, {
    reason: "转去做用户运营，号交回来",
  })
  await requests(stage, people, ids, ago(now))
  await openOne(stage, people, now)
}

/** Days since the 28th of last month, when the stocktake before this one ended: one at least. */
function daysSinceClosing(now: Date): number {
  const today = dayNumber(now)
  const first = parseDay(`${dayString(today).slice(0, 8)}01`)!
  return today - parseDay(`${dayString(first - 1).slice(0, 8)}28`)!
}

/** So many days ago, in the middle of the working day, or this very moment for today. */
const ago =
  (now: Date) =>
  (days: number): Date =>
    days === 0 ? now : atTime(dayNumber(now) - days, 15)

/** One account from the wish to as far as it came before anything else happened to it. */
async function raise(stage: Stage, people: People, life: Life, at: (days: number) => Date): Promise<string> {
  const { keeper } = people
  const asked = { name: life.name, function: life.function, reason: life.reason }
  const { id } = await stage.does(people.of(life.by), at(life.asked), "/accounts", asked)
  const url = `/accounts/${id}`
  if (life.end === "requested") return id
  const registration = {
    holder_name: "禾苗优选",
    sim_owner: "公司",
    device: `公司机 ${life.asked}`,
    phone: null,
  }
  await stage.does(keeper, at(life.asked - 1), `${url}/move`, { to: "starting", note: "开始注册" })
  await stage.does(keeper, at(life.asked - 1), `${url}/registration`, registration, "PUT")
  if (life.end === "starting") return id
  const signed = at(life.asked - 2)
  const query = new URLSearchParams({
    kind: "agreement",
    name: "归属协议.pdf",
    signed_on: dayString(dayNumber(signed)),
  })
  await stage.brings(keeper, signed, `${url}/files?${query}`, sampleAgreement())
  await stage.does(keeper, at(life.asked - 3), `${url}/move`, { to: "nurturing", note: "协议已签，开始养号" })
  await nurture(stage, keeper, life, url, at)
  await stage.does(
    keeper,
    at(life.end === "nurturing" ? 0 : life.asked - 9),
    `${url}/registration`,
    { ...registration, active_days_before: life.before },
    "PUT",
  )
  if (life.end === "nurturing") return id
  await stage.does(keeper, at(life.asked - 10), `${url}/move`, { to: "ready", note: "养够天数，待用" })
  if (life.end === "ready") return id
  const custodian = people.of(life.by)
  await stage.does(keeper, at(life.asked - 12), `${url}/hand-over`, {
    staff_id: custodian,
    from_staff_id: null,
    checklist: HANDED,
    note: "当面交接",
  })
  await stage.does(custodian, at(life.asked - 12), `${url}/sign`)
  return id
}

/** The daily list, day by day: from the first day on for what is nurtured still, its first week for what came further. */
async function nurture(stage: Stage, keeper: string, life: Life, url: string, at: (days: number) => Date) {
  const first = life.asked - 3
  const last = life.end === "nurturing" ? 0 : first - 6
  for (let day = first; day >= last; day--) {
    // On its first day all of it was done, and with it that day's assignment.
    const items = day === first ? NURTURE_ITEMS : itemsOf(NURTURE_ITEMS, day, life.asked)
    if (items.length > 0)
      await stage.does(keeper, at(day), `${url}/nurture`, { items, note: "按清单做完，截图在群里" })
  }
}

type Used = { id: string; user: string }

/** Last month's: one was in other hands, one had lost friends, one was not to be found. */
async function lastStocktake(stage: Stage, people: People, of: { lost: Used; strayed: Used }, now: Date) {
  const closed = daysSinceClosing(now)
  const at = (before: number) => ago(now)(closed + before)
  const { keeper, owner } = people
  const { id } = await stage.does(keeper, at(4), "/accounts/stocktakes", {
    name: `${monthOf(at(4))}盘点`,
    due_on: dayString(dayNumber(at(0))),
  })
  const { lines } = await stage.reads<{ lines: Line[] }>(keeper, `/accounts/stocktakes/${id}`)
  for (const [n, line] of lines.entries()) {
    if (line.account_id === of.lost.id) continue
    const strayed = line.account_id === of.strayed.id
    const fewer = n === 0 ? Math.floor(line.expected_friends * 0.8) : line.expected_friends
    await stage.does(
      line.expected_custodian === keeper ? owner : keeper,
      at(3),
      `/accounts/stocktakes/${id}/lines/${line.account_id}`,
      {
        custodian_staff_id: strayed ? people.of("宋雨") : line.expected_custodian,
        friends: fewer,
        tags_ok: n !== 1,
        backup_on: dayString(dayNumber(at(n === 2 ? 60 : 6))),
        note: strayed ? "手机在同事手里，说是临时代管" : "",
      },
    )
  }
  await stage.does(keeper, at(0), `/accounts/stocktakes/${id}/close`)
}

type Line = { account_id: string; expected_custodian: string | null; expected_friends: number }

/** This month's, begun and not yet through. */
async function openOne(stage: Stage, people: People, now: Date) {
  const { keeper, owner } = people
  const { id } = await stage.does(keeper, now, "/accounts/stocktakes", {
    name: `${monthOf(now)}盘点`,
    due_on: dayString(dayNumber(now) + 6),
  })
  const { lines } = await stage.reads<{ lines: Line[] }>(keeper, `/accounts/stocktakes/${id}`)
  for (const line of lines.slice(0, Math.ceil(lines.length / 3)))
    await stage.does(
      line.expected_custodian === keeper ? owner : keeper,
      now,
      `/accounts/stocktakes/${id}/lines/${line.account_id}`,
      { custodian_staff_id: line.expected_custodian, friends: line.expected_friends, tags_ok: true },
    )
}

const monthOf = (at: Date) => `${Number(dayString(dayNumber(at)).slice(5, 7))} 月`

/** Two wait, one was promised an account, one was turned down. */
async function requests(
  stage: Stage,
  people: People,
  ids: ReadonlyMap<string, string>,
  at: (days: number) => Date,
) {
  const ask = (who: string, days: number, of: Life["function"], reason: string) =>
    stage.does(people.of(who), at(days), "/accounts/requests", { function: of, reason })
  const turned_down = await ask("宋雨", 9, "ip", "客服也想发朋友圈")
  await stage.does(people.keeper, at(8), `/accounts/requests/${turned_down.id}/reject`, {
    note: "客服用成交号就够了",
  })
  const promised = await ask("林晓", 4, "member", "新会员分组，要一个会员号")
  await stage.does(people.keeper, at(2), `/accounts/requests/${promised.id}/approve`, {
    account_id: ids.get("禾苗管家小安"),
    note: "约好明天当面交接",
  })
  await ask("何俊", 2, "sales", "大促三天，社群里成交要人手")
  await ask("许曼", 1, "ip", "短视频评论区引流，要一个内容号")
}
