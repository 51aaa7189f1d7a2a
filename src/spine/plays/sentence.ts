import type { Words } from "../../kernel/contract.ts"
import { dayNumber, dayString, minuteOfDay } from "../../kernel/day.ts"
import type { ConditionTree } from "../../kernel/tree.ts"
import type { Names, Registry } from "../offers/index.ts"
import type { PlayDefinition, PlayNode } from "./definition.ts"

/** What sentences are made of besides the play: what is on offer, how a rule reads, and how things are called. */
export type Speech = { registry: Registry; names: Names; rule(tree: ConditionTree): Words }

/** Where a step leads, and on which answer; null is the end. */
export type Way = { on: "next" | "yes" | "no" | "answered" | "otherwise"; to: string | null }
export type SaidStep = { node: string; kind: PlayNode["kind"]; words: Words; ways: Way[] }
/** A play as people read it. */
export type SaidPlay = {
  entry: Words
  condition: Words | null
  /** In the order in which people come to them; what no way leads to is left out. */
  steps: SaidStep[]
  reentry: Words
  stop: Words[]
  late: Words
}

const pair = (zh: string, en: string): Words => ({ zh, en })

/** Pure: each rule of a play as a sentence in both languages. */
export function sayPlay(play: PlayDefinition, speech: Speech): SaidPlay {
  const { condition } = play
  const only = condition && speech.rule(condition)
  return {
    entry: entry(play, speech),
    condition:
      only &&
      pair(
        `走第一步时要符合：${only.zh}；不符合的人到此为止`,
        `At the first step only whoever matches goes on: ${only.en}`,
      ),
    steps: inOrder(play).map((node) => step(node, play.nodes[node]!, speech)),
    reentry: reentry(play),
    stop: stops(play, speech),
    late: late(play),
  }
}

function entry({ entry }: PlayDefinition, speech: Speech): Words {
  if (entry.on === "request")
    return pair("由同事手工加入，或由系统的其他部分加入", "Only by hand, or by another part of the system")
  if (entry.on === "fact") {
    const fact = sayFact(entry.fact, entry.where, speech)
    return pair(`客户「${fact.zh}」时进入`, `Whoever “${fact.en}” enters`)
  }
  const who = speech.rule(entry.tree)
  if (entry.at === "entering")
    return pair(
      `从发布起，谁刚变成符合就进入：${who.zh}`,
      `From publishing on, whoever comes to match enters: ${who.en}`,
    )
  if (/^\d\d:\d\d$/.test(entry.at))
    return pair(
      `每天 ${entry.at}，符合的人进入：${who.zh}`,
      `Each day at ${entry.at} whoever matches enters: ${who.en}`,
    )
  const at = moment(new Date(entry.at))
  return pair(`${at} 进入一次，符合的人：${who.zh}`, `Once, at ${at}, whoever matches enters: ${who.en}`)
}

/** A moment on the shop's clock: `2026-11-11 20:00`. */
function moment(at: Date): string {
  const minute = minuteOfDay(at)
  const two = (n: number) => String(n).padStart(2, "0")
  return `${dayString(dayNumber(at))} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** A fact with what is asked of it: `加为好友（第一次加我们）`. */
export function sayFact(type: string, where: Record<string, unknown>, { registry, names }: Speech): Words {
  const offer = registry.facts.get(type)
  const change = sayChange(where, registry)
  const others = Object.entries(where).filter(([name]) => !(change && ["trait", "to"].includes(name)))
  const fields = others.map(([name, value]): Words => {
    const field = offer?.fields?.[name]
    const known = field && "values" in field ? field.values[String(value)] : undefined
    if (known) return known
    const shown = field && "kind" in field ? names.of(field.kind, String(value)) : String(value)
    return pair(`${field?.label.zh ?? name}：${shown}`, `${field?.label.en ?? name}: ${shown}`)
  })
  const asked = change ? [change, ...fields] : fields
  const label = offer?.label ?? pair(type, type)
  if (asked.length === 0) return label
  return pair(
    `${label.zh}（${asked.map((a) => a.zh).join("，")}）`,
    `${label.en} (${asked.map((a) => a.en).join(", ")})`,
  )
}

/** What a class became, in the trait's own words: `阶段变成会员`; null where no known class is asked of. */
function sayChange(where: Record<string, unknown>, registry: Registry): Words | null {
  const trait = registry.traits.get(String(where.trait))
  const word = trait?.values?.[String(where.to)]
  return trait && word
    ? pair(`${trait.label.zh}变成${word.zh}`, `${trait.label.en.toLowerCase()} becomes ${word.en}`)
    : null
}

function step(node: string, found: PlayNode, speech: Speech): SaidStep {
  const words = sayNode(found, speech)
  const stage = stageOf(found)
  return {
    node,
    kind: found.kind,
    words: stage ? pair(`【${stage}】${words.zh}`, `[${stage}] ${words.en}`) : words,
    ways: waysOf(found),
  }
}

/** What the stage is called that begins with a step. */
export function stageOf(node: PlayNode): string | null {
  return (node.kind === "action" || node.kind === "branch") && node.stage ? node.stage : null
}

/** Where a node leads, on which answer. */
export function waysOf(node: PlayNode): Way[] {
  if (node.kind === "branch")
    return [
      { on: "yes", to: node.yes },
      { on: "no", to: node.no },
    ]
  if (node.kind === "wait_for")
    return [
      { on: "answered", to: node.answered },
      { on: "otherwise", to: node.otherwise },
    ]
  return node.kind === "stop" ? [] : [{ on: "next", to: node.next }]
}

/** Pure: what one step does. */
export function sayNode(node: PlayNode, speech: Speech): Words {
  switch (node.kind) {
    case "action":
      return action(node, speech)
    case "wait":
      return wait(node)
    case "wait_for": {
      const fact = sayFact(node.fact, node.where, speech)
      const span = spanOf(0, node.hours)
      return pair(`等客户「${fact.zh}」，最多 ${span.zh}`, `Wait for “${fact.en}”, at most ${span.en}`)
    }
    case "branch": {
      const rule = speech.rule(node.condition)
      return pair(`看是否符合：${rule.zh}`, `Whether this holds: ${rule.en}`)
    }
    case "stop":
      return node.reason === "stop_node"
        ? pair("到此结束", "End here")
        : pair(`到此结束：${node.reason}`, `End here: ${node.reason}`)
  }
}

function action({ action }: Extract<PlayNode, { kind: "action" }>, { registry, names }: Speech): Words {
  const offer = registry.actions.get(action.offer)
  if (!offer) return pair(`系统不认识的动作 ${action.offer}`, `An unknown action ${action.offer}`)
  if (!offer.args.safeParse(action.args).success)
    return pair(`${offer.label.zh}（还没填完）`, `${offer.label.en} (not filled in yet)`)
  return pair(offer.sentence(action.args, names), offer.sentence_en(action.args, names))
}

function spanOf(days: number, hours: number): Words {
  const whole = days + Math.floor(hours / 24)
  const rest = Math.round((hours % 24) * 100) / 100
  const zh = [whole > 0 ? `${whole} 天` : "", rest > 0 ? `${rest} 小时` : ""].filter(Boolean).join(" ")
  const unit = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`
  const en = [whole > 0 ? unit(whole, "day") : "", rest > 0 ? unit(rest, "hour") : ""]
    .filter(Boolean)
    .join(" ")
  return pair(zh || "0 小时", en || "0 hours")
}

function wait({ from, days, hours, at }: Extract<PlayNode, { kind: "wait" }>): Words {
  const anchored = from === "anchor"
  if (at === null) {
    const span = spanOf(days, hours)
    return anchored
      ? pair(`等到触发后 ${span.zh}`, `Wait until ${span.en} after it began`)
      : pair(`等 ${span.zh}`, `Wait ${span.en}`)
  }
  const later = hours > 0 ? spanOf(0, hours) : null
  const zh = later ? `${anchored ? "触发后" : ""}过 ${later.zh}，` : ""
  const en = later ? `${later.en} ${anchored ? "after it began" : "from here"}, then ` : ""
  if (days === 0)
    return pair(
      `${zh}等到${anchored ? "触发当天" : "最近的"} ${at}`,
      `${en}wait until ${at} ${anchored ? "of the day it began" : "next"}`,
    )
  return pair(
    `${zh}等到${anchored ? `触发后第 ${days} 天` : ` ${days} 天后`} ${at}`,
    `${en}wait until ${at}, ${spanOf(days, 0).en} ${anchored ? "after it began" : "from here"}`,
  )
}

function reentry({ reentry }: PlayDefinition): Words {
  if (reentry.policy === "never") return pair("每个人只走一次", "Each person once")
  return reentry.days === 0
    ? pair("走完可以再进", "May enter again when through")
    : pair(`走完 ${reentry.days} 天后可以再进`, `May enter again ${spanOf(reentry.days, 0).en} after the end`)
}

function stops({ stop }: PlayDefinition, speech: Speech): Words[] {
  const facts = stop.facts.map(({ fact, where }) => {
    const said = sayFact(fact, where, speech)
    return pair(
      `一旦「${said.zh}」就停，没发的不再发`,
      `Ends on “${said.en}”; what has not gone out is called off`,
    )
  })
  if (!stop.condition) return facts
  const rule = speech.rule(stop.condition)
  return [...facts, pair(`一旦符合就停：${rule.zh}`, `Ends as soon as this holds: ${rule.en}`)]
}

function late({ window_minutes: n, when_window_passed: then }: PlayDefinition): Words {
  if (then === "now") return pair("迟了也马上补做", "What is late is done at once")
  return then === "next_window"
    ? pair(
        `迟到 ${n} 分钟内照做；钟点已过的等到次日同一时刻`,
        `Done up to ${n} minutes late; a clock time that is over means the next day`,
      )
    : pair(`迟到超过 ${n} 分钟就不做，只记下来`, `More than ${n} minutes late it is not done, only told`)
}

/** Pure: the nodes in the order in which people come to them, the next step before the other answer, each once. */
export function inOrder(play: Pick<PlayDefinition, "first" | "nodes">): string[] {
  const order: string[] = []
  const open: (string | null)[] = [play.first]
  const seen = new Set<string>()
  while (open.length > 0) {
    const name = open.pop()
    if (!name || seen.has(name)) continue
    const node = play.nodes[name]
    if (!node) continue
    seen.add(name)
    order.push(name)
    open.push(
      ...waysOf(node)
        .map((way) => way.to)
        .reverse(),
    )
  }
  return order
}
