import { traitChanged } from "../../spine/traits/index.ts"
import { contactRemoved } from "../customers/index.ts"
import { assign, day } from "./built-in-steps.ts"

const STAGE = "customers.stage"

/**
 * The last step of the ladder is not sold by a message: a member who stays is invited to an offline salon, and a week later somebody
 * talks with them alone. Both are work for people, and stop for whoever is a partner by then.
 */
export const PARTNER_PATH = {
  slug: "partner_path",
  name: "合伙人之路（成为会员 30 天后）",
  definition: {
    entry: { on: "fact", fact: traitChanged.type, where: { trait: STAGE, to: "member" } },
    stop: {
      facts: [
        { fact: contactRemoved.type },
        { fact: traitChanged.type, where: { trait: STAGE, to: "partner" } },
      ],
    },
    first: "wait_30",
    nodes: {
      wait_30: day(30, "10:00", "salon"),
      salon: assign(
        "邀请{{称呼}}参加线下沙龙",
        "{{称呼}}，我们这个月有一场小型线下沙龙，来的都是老会员，聊聊自用省钱和分享，给您留个位置好吗？",
        "wait_37",
      ),
      wait_37: day(37, "15:00", "talk"),
      talk: assign(
        "和{{称呼}}一对一沟通：合伙人",
        "{{称呼}}，想单独和您聊二十分钟：您自己用得怎么样，身边有没有适合的朋友，合伙人的政策我当面讲给您听。",
        null,
      ),
    },
  },
} as const
