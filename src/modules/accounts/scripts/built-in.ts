import { type Db, tx } from "../../../platform/db.ts"
import type { Situation } from "./rules.ts"
import { saveScripts } from "./store.ts"

/** Words for the first day of a company, to be replaced by its own; one that was taken out of use does not come back. */
const LINES: readonly (readonly [fn: string, situation: Situation, text: string])[] = [
  ["ip", "opening", "{{name}}，您好，很高兴认识您。我会在朋友圈分享日常和好东西，有想了解的随时叫我。"],
  ["ip", "ice", "{{name}}，看您关注这一块有一阵子了，最近最想解决的是哪件事？"],
  ["ip", "trust", "{{name}}，这是我自己一直在用的，好的地方和不适合的人我都跟您说清楚，您再决定。"],
  ["ip", "revival", "{{name}}，好久没聊了，最近还好吗？上次说的那件事后来怎么样了？"],
  ["sales", "opening", "{{name}}，您好，我是您的专属顾问。您先说说想要什么样的，我帮您挑，不合适不勉强。"],
  ["sales", "ice", "{{name}}，方便问一下是给自己用还是送人吗？我好给您推荐得准一点。"],
  ["sales", "trust", "{{name}}，这几位和您情况差不多的老客户的反馈我发您看看，都是真实的。"],
  ["sales", "objection", "{{name}}，理解您在比价。您可以先拿小份试试，满意再说，不满意我来处理。"],
  ["sales", "closing", "{{name}}，那我按您说的帮您留一份，下单后我盯着发货，到了告诉您怎么用。"],
  ["sales", "after_sale", "{{name}}，东西收到了吗？用的时候有任何问题，直接发给我。"],
  ["sales", "revival", "{{name}}，上次带走的差不多该用完了，需要的话我按老样子帮您备一份。"],
  ["member", "opening", "{{name}}，欢迎成为会员，以后权益和活动都由我来对接您。"],
  ["member", "trust", "{{name}}，您这个月的会员权益还没用完，我帮您看看哪一项最划算。"],
  ["member", "after_sale", "{{name}}，最近用得怎么样？有不满意的地方请一定告诉我，我来跟进。"],
  ["member", "revival", "{{name}}，好久没见您来了，会员日给您留了一份礼，方便的时候告诉我。"],
  ["agent", "opening", "{{name}}，您好，代理的政策和资料由我对接，您先看看，有不清楚的我逐条讲。"],
  ["agent", "objection", "{{name}}，担心卖不动很正常，我们先从您身边的三个人开始，素材和话术我来配。"],
  ["agent", "after_sale", "{{name}}，这一周卖得怎么样？卡在哪一步，我们一起看看。"],
]

const idOf = (n: number) => `0196a000-0000-7000-8000-0000000005${String(n).padStart(2, "0")}`

/** Gives how many are new. */
export function installScripts(db: Db, now: Date): Promise<number> {
  return tx(db, (t) =>
    saveScripts(
      t,
      LINES.map(([fn, situation, text], n) => ({
        id: idOf(n),
        function: fn,
        account_id: null,
        situation,
        text,
        made_by: null,
      })),
      now,
    ),
  )
}
