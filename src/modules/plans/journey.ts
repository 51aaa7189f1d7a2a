import { assignmentCancelled, assignmentDone } from "../../spine/outbox/index.ts"
import { traitChanged } from "../../spine/traits/index.ts"
import { contactAdded, contactRemoved } from "../customers/index.ts"
import { orderPaid } from "../orders/index.ts"
import { ask, hear, later, leave, say, task } from "./built-in-steps.ts"

const done = (kind: string) => [assignmentDone.type, { kind }] as const
const paid = [orderPaid.type, { lead_only: false }] as const
/** What somebody will not do is said by skipping the assignment, with the reason. */
const skipped = (kind: string) => ({ fact: assignmentCancelled.type, where: { kind } })

/**
 * From registering to the middle layer. Each stage begins with what somebody is asked to do and ends by what happened: an assignment
 * ticked off, a paid order, a change of layer; who does not come on is reminded once and then led out under the name of the stage.
 * Courses and referrals are told of by whoever looks after the customer: nothing else here knows of them.
 */
export const JOURNEY = {
  slug: "journey",
  name: "新人路径（注册到中层）",
  definition: {
    entry: { on: "fact", fact: contactAdded.type, where: { first: true } },
    stop: {
      facts: [{ fact: contactRemoved.type }, skipped("school"), skipped("training"), skipped("referral")],
    },
    first: "school",
    nodes: {
      school: task(
        {
          kind: "school",
          title: "请{{称呼}}上商学院第一课",
          script: "{{称呼}}，新朋友的第一课二十分钟就能听完，听过之后用什么、怎么用都清楚了，今晚方便吗？",
          situation: "school",
          due_days: 2,
        },
        "school_wait",
        "商学院第一课",
      ),
      school_wait: hear(...done("school"), 3, "training", "school_morning"),
      school_morning: later(0, "10:00", "school_again"),
      school_again: say(
        "{{称呼}}，第一课给您留着位置，这几天随时可以听，听完告诉我一声。",
        "service",
        "school_last",
      ),
      school_last: hear(...done("school"), 4, "training", "school_out"),
      school_out: leave("没上第一课"),

      training: task(
        {
          kind: "training",
          title: "带{{称呼}}完成新人培训",
          script: "{{称呼}}，第一课听完了，接下来的新人培训一周之内学完就行，有不明白的我陪您过一遍。",
          situation: "training",
          due_days: 7,
        },
        "training_wait",
        "新人培训",
      ),
      training_wait: hear(...done("training"), 7, "second", "training_morning"),
      training_morning: later(0, "10:00", "training_again"),
      training_again: say(
        "{{称呼}}，新人培训还差一点就学完了，卡在哪一步告诉我，我来帮您。",
        "service",
        "training_last",
      ),
      training_last: hear(...done("training"), 7, "second", "training_out"),
      training_out: leave("没完成培训"),

      second: ask("orders.goods_count", { min: 2 }, "referral", "second_morning", "二次消费"),
      second_morning: later(1, "10:00", "second_check"),
      second_check: ask("orders.goods_count", { min: 2 }, "referral", "first_order"),
      first_order: ask("customers.has_paid", {}, "second_offer", "first_offer"),
      first_offer: say(
        "{{称呼}}，新朋友专属的入门组合还给您留着，需要的话我帮您下单。",
        "selling",
        "first_wait",
      ),
      first_wait: hear(...paid, 14, "first_rest", "first_out"),
      first_rest: later(3, "10:00", "second_check"),
      first_out: leave("没有首单"),
      second_offer: say(
        "{{称呼}}，上次的用着还好吗？这次有一份小份装，价格很轻，适合再试一样。",
        "selling",
        "second_wait",
        { situation: "second_purchase" },
      ),
      second_wait: hear(...paid, 7, "referral", "second_call"),
      second_call: task(
        {
          kind: "second_purchase",
          title: "问问{{称呼}}：第二单差在哪里",
          script: "{{称呼}}，小份装您看过了吗？有顾虑直接跟我说，不合适我帮您换一样。",
          account_function: "sales",
          due_days: 2,
        },
        "second_last",
      ),
      second_last: hear(...paid, 7, "referral", "second_out"),
      second_out: leave("没有二次消费"),

      referral: task(
        {
          kind: "referral",
          title: "请{{称呼}}带来第一位朋友",
          script: "{{称呼}}，身边有没有也用得上的朋友？带来一位，我像照顾您一样照顾。",
          situation: "referral",
          due_days: 14,
          evidence: "text",
        },
        "referral_wait",
        "第一次带人",
      ),
      referral_wait: hear(...done("referral"), 14, "middle", "referral_morning"),
      referral_morning: later(0, "10:00", "referral_again"),
      referral_again: say(
        "{{称呼}}，上次说的朋友联系上了吗？需要介绍的话术和资料我发您。",
        "service",
        "referral_last",
      ),
      referral_last: hear(...done("referral"), 14, "middle", "referral_out"),
      referral_out: leave("没有带人"),

      middle: ask(
        "customers.layer_is",
        { layers: ["middle", "head"] },
        "middle_talk",
        "middle_wait",
        "进入中层",
      ),
      middle_wait: hear(traitChanged.type, { trait: "customers.layer" }, 60, "middle_rest", "middle_out"),
      middle_rest: { kind: "wait", from: "here", hours: 1, next: "middle" },
      middle_out: leave("没进中层"),
      middle_talk: task(
        {
          kind: "middle",
          title: "和{{称呼}}约一次中层沟通",
          script: "{{称呼}}，恭喜您进入中层，您现在的权益和能做的事，我约个时间跟您讲清楚。",
          situation: "middle",
          due_days: 3,
        },
        null,
      ),
    },
  },
} as const
