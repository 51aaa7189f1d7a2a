import { atTime, dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import type { Tx } from "../../../platform/db.ts"
import type { FactHandler } from "../../../spine/facts/index.ts"
import { cancelByCause, openAssignments } from "../../../spine/outbox/index.ts"
import { readTraits } from "../../../spine/traits/index.ts"
import { customerNames } from "../../customers/index.ts"
import { orderCancelled, orderExtended, orderPaid, orderRefunded, orderStanding } from "../../orders/index.ts"
import { STEP_DOWN_DAYS } from "../limits.ts"
import { stageByOrders } from "../rules.ts"
import { STAGE_WORDS, type Stage } from "../shared.ts"
import { type Standing, stepDowns } from "./rules.ts"
import { askStepDowns, lapseStepDowns, questionsOf } from "./store.ts"

const [STAGE, OWNER] = ["customers.stage", "customers.owner"]
export const causeOf = (id: string) => `step_down:${id}`
const DUE_HOUR = 21

/**
 * Asks about those whom their orders no longer hold where they stand, and drops the question where they do again. Whoever looks
 * after the customer gets it as an assignment; what an import of the past tells is only listed.
 */
export async function proposeStepDowns(
  t: Tx,
  ids: readonly string[],
  live: ReadonlySet<string>,
  now: Date,
): Promise<void> {
  if (ids.length === 0) return
  const known = await readTraits(t, ids, [STAGE!, OWNER!])
  const orders = await orderStanding(t, ids)
  const questions = await questionsOf(t, ids)
  const decided = new Map(
    orders.map((n) => [n.customer_id, stageByOrders({ ...n, interested_tag_day: null })]),
  )
  const list = orders.map(
    ({ customer_id }): Standing => ({
      customer_id,
      stage: (known.get(customer_id)?.[STAGE!]?.value ?? null) as Stage | null,
      by_orders: decided.get(customer_id)!.value,
      ...(questions.get(customer_id) ?? { open_to: null, declined_to: null }),
    }),
  )
  const { ask, lapse } = stepDowns(list)
  await cancelByCause(t, (await lapseStepDowns(t, lapse, now)).map(causeOf), "settled", now)
  if (ask.length === 0) return
  const asked = await askStepDowns(
    t,
    ask.map((s) => ({
      id: newId(now.getTime()),
      customer_id: s.customer_id,
      from_stage: s.stage!,
      to_stage: s.by_orders,
      why: decided.get(s.customer_id)!.why,
    })),
    now,
  )
  const names = await customerNames(t, [...ids])
  await openAssignments(
    t,
    asked
      .filter((a) => live.has(a.customer_id))
      .map((a) => ({
        cause_key: causeOf(a.id),
        kind: "step_down",
        title: `定一下${names.get(a.customer_id) || "这位客户"}要不要从${STAGE_WORDS[a.from_stage].zh}降为${STAGE_WORDS[a.to_stage].zh}`,
        script: "退款或取消后，按订单只够下一级。系统不会自己降级：到「数据 › 客户阶梯」同意或不同意。",
        customer_id: a.customer_id,
        assignee_staff_id: (known.get(a.customer_id)?.[OWNER!]?.value ?? null) as string | null,
        target: { step_down_id: a.id },
        due_at: atTime(dayNumber(now) + STEP_DOWN_DAYS, DUE_HOUR),
      })),
    now,
  )
}

/** Apart from what keeps the classes: this one asks people to do something. */
export const stepDownHandler: FactHandler = {
  name: "classes.step_downs",
  types: [orderRefunded, orderCancelled, orderPaid, orderExtended].map((f) => f.type),
  origins: "all",
  async handle(t, facts, now) {
    const live = new Set(facts.filter((f) => f.origin === "live").map((f) => f.subject))
    await proposeStepDowns(t, [...new Set(facts.map((f) => f.subject))].sort(), live, now)
  },
}
