import { type Db, tx } from "../../../platform/db.ts"
import type { Situation } from "./rules.ts"
import { saveScripts } from "./store.ts"

/** Words for the first day of a company, to be replaced by its own; one that was taken out of use does not come back. */
const LINES: readonly (readonly [fn: string, situation: Situation, text: string])[] = [
  ["ip", "opening", "{{称呼}}，您好，很高兴认识您。我会在朋友圈分享日常和好东西，有想了解的随时叫我。"],
  ["ip", "ice", "{{称呼}}，看您关注这一块有一阵子了，最近最想解决的是哪件事？"],
  ["ip", "trust", "{{称呼}}，这是我自己一直在用的，好的地方和不适合的人我都跟您说清楚，您再决定。"],
  ["ip", "revival", "{{称呼}}，好久没聊了，最近还好吗？上次说的那件事后来怎么样了？"],
  ["sales", "opening", "{{称呼}}，您好，我是您的专属顾问。您先说说想要什么样的，我帮您挑，不合适不勉强。"],
  ["sales", "ice", "{{称呼}}，方便问一下是给自己用还是送人吗？我好给您推荐得准一点。"],
  ["sales", "trust", "{{称呼}}，这几位和您情况差不多的老客户的反馈我发您看看，都是真实的。"],
  ["sales", "objection", "{{称呼}}，理解您在比价。您可以先拿小份试试，满意再说，不满意我来处理。"],
  ["sales", "closing", "{{称呼}}，那我按您说的帮您留一份，下单后我盯着发货，到了告诉您怎么用。"],
  ["sales", "after_sale", "{{称呼}}，东西收到了吗？用的时候有任何问题，直接发给我。"],
  ["sales", "revival", "{{称呼}}，上次带走的差不多该用完了，需要的话我按老样子帮您备一份。"],
  ["member", "opening", "{{称呼}}，欢迎成为会员，以后权益和活动都由我来对接您。"],
  ["member", "trust", "{{称呼}}，您这个月的会员权益还没用完，我帮您看看哪一项最划算。"],
  ["member", "after_sale", "{{称呼}}，最近用得怎么样？有不满意的地方请一定告诉我，我来跟进。"],
  ["member", "revival", "{{称呼}}，好久没见您来了，会员日给您留了一份礼，方便的时候告诉我。"],
  ["agent", "opening", "{{称呼}}，您好，代理的政策和资料由我对接，您先看看，有不清楚的我逐条讲。"],
  ["agent", "objection", "{{称呼}}，担心卖不动很正常，我们先从您身边的三个人开始，素材和话术我来配。"],
  ["agent", "after_sale", "{{称呼}}，这一周卖得怎么样？卡在哪一步，我们一起看看。"],
]

/** The built-in tags of the persona group. */
const PERSONAS = {
  business_owner: "0196a000-0000-7000-8000-000000000107",
  ip: "0196a000-0000-7000-8000-000000000108",
  operator: "0196a000-0000-7000-8000-000000000109",
  job_seeker: "0196a000-0000-7000-8000-000000000110",
} as const

/** What each kind of people is told along the journey; all accounts share it. Whoever is of none of them is told what the play says. */
const BY_PERSONA: readonly (readonly [persona: keyof typeof PERSONAS, situation: Situation, text: string])[] =
  [
    ["business_owner", "school", "{{称呼}}，第一课讲老板怎么把老客户盘活，二十分钟，您和店长一起听最好。"],
    ["business_owner", "training", "{{称呼}}，培训我帮您排在店里不忙的时候，学完直接拿您的店做一份方案。"],
    ["business_owner", "second_purchase", "{{称呼}}，这次的小份装适合放在店里给客人试，用得好再谈长期供货。"],
    ["business_owner", "referral", "{{称呼}}，您身边有没有同样开店的朋友？带来一起听，方案我两家一起做。"],
    ["business_owner", "middle", "{{称呼}}，您已经进了中层，门店合作的政策我约个时间当面跟您讲。"],
    ["ip", "school", "{{称呼}}，第一课讲怎么把内容和成交接起来，听完您下一条视频就能用上。"],
    ["ip", "training", "{{称呼}}，培训里有一节专讲人设和选题，您的账号我帮您当案例拆一遍。"],
    ["ip", "second_purchase", "{{称呼}}，这份新品适合拿来做一期真实体验，先自己用，再决定讲不讲。"],
    ["ip", "referral", "{{称呼}}，您的粉丝里谁问得最多？拉进来一起学，第一位由我亲自带。"],
    ["ip", "middle", "{{称呼}}，您已经进了中层，联名内容和专属素材我约个时间跟您定。"],
    ["operator", "school", "{{称呼}}，第一课是整套打法的地图，您做过项目，听完能看出哪几步可以直接用。"],
    ["operator", "training", "{{称呼}}，培训的表格和流程都给您一份，学完挑一个项目跑一遍，我陪您复盘。"],
    ["operator", "second_purchase", "{{称呼}}，这个组合的转化数据我发您，您先买一份走一遍用户的流程。"],
    ["operator", "referral", "{{称呼}}，您合作过的老板里，谁最缺私域？带一位来，我们一起把第一单做出来。"],
    ["operator", "middle", "{{称呼}}，您已经进了中层，项目合作和分成我约个时间跟您谈。"],
    ["job_seeker", "school", "{{称呼}}，第一课讲这一行都有哪些岗位、各要会什么，听完您就知道从哪里学起。"],
    ["job_seeker", "training", "{{称呼}}，培训学完有一份作业，做出来就是您面试能拿出手的作品，卡住了找我。"],
    ["job_seeker", "second_purchase", "{{称呼}}，先拿一份最小的自己用，体验过的东西讲起来才有底气。"],
    ["job_seeker", "referral", "{{称呼}}，有没有也想入行的朋友？两个人结伴学，坚持下来的机会大得多。"],
    ["job_seeker", "middle", "{{称呼}}，您已经进了中层，可以带新人了，带人的方法和回报我约个时间跟您讲。"],
  ]

const idOf = (n: number) => `0196a000-0000-7000-8000-0000000005${String(n).padStart(2, "0")}`

/** Gives how many are new. */
export function installScripts(db: Db, now: Date): Promise<number> {
  return tx(db, (t) =>
    saveScripts(
      t,
      [
        ...LINES.map(([fn, situation, text]) => ({ function: fn, persona_tag_id: null, situation, text })),
        ...BY_PERSONA.map(([persona, situation, text]) => ({
          function: null,
          persona_tag_id: PERSONAS[persona],
          situation,
          text,
        })),
      ].map((line, n) => ({ ...line, id: idOf(n), account_id: null, made_by: null })),
      now,
    ),
  )
}
