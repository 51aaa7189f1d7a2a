import { isRefused } from "../../kernel/result.ts"
import { type Db, tx } from "../../platform/db.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { createPlay, playBySlug, publishVersion, saveDraft, versionsOf } from "../../spine/plays/index.ts"
import { contactAdded, contactRemoved } from "../customers/index.ts"
import { orderPaid } from "../orders/index.ts"
import { assign, day, say } from "./built-in-steps.ts"
import { JOURNEY } from "./journey.ts"
import { PARTNER_PATH } from "./partner-path.ts"

/** Plays that stand in every new company, as data: to be changed like any other. */
export const BUILT_IN = [
  {
    slug: "newcomer",
    name: "新客旅程（7 天）",
    definition: {
      entry: { on: "fact", fact: contactAdded.type, where: { first: true } },
      stop: { facts: [{ fact: contactRemoved.type }] },
      first: "greet",
      nodes: {
        greet: assign(
          "认识新朋友{{称呼}}",
          "您好{{称呼}}，很高兴认识您，想先了解一下您平时最关心什么？",
          "wait_1",
        ),
        wait_1: day(1, "10:00", "care"),
        care: say("{{称呼}}，昨天刚认识，给您准备了一份新朋友指南，有问题随时找我。", "service", "wait_3"),
        wait_3: day(3, "20:00", "offer"),
        offer: say("{{称呼}}，新朋友专属的入门组合今晚开放，需要的话我帮您留一份。", "selling", "wait_7"),
        wait_7: day(7, "10:00", "review"),
        review: assign("回访{{称呼}}：认识一周", "{{称呼}}，这一周用得怎么样？有什么我能帮上忙的吗？", null),
      },
    },
  },
  {
    slug: "repurchase",
    name: "复购提醒（购后 30 天）",
    definition: {
      entry: { on: "fact", fact: orderPaid.type, where: { lead_only: false } },
      reentry: { policy: "after_end", days: 0 },
      stop: { facts: [{ fact: orderPaid.type }] },
      first: "wait_30",
      nodes: {
        wait_30: day(30, "10:00", "remind"),
        remind: say(
          "{{称呼}}，上次带走的差不多该用完了，需要的话我帮您按老样子再备一份。",
          "selling",
          "wait_33",
        ),
        wait_33: day(33, "10:00", "call"),
        call: assign("回访{{称呼}}：该复购了", "{{称呼}}，上次的东西用得还好吗？", null),
      },
    },
  },
  PARTNER_PATH,
  JOURNEY,
] as const

/** Makes the built-in plays that this company does not have; what a team changed or switched off stays so. Gives how many are new. */
export async function installBuiltIn(db: Db, registry: Registry, now: Date): Promise<number> {
  let made = 0
  for (const { slug, name, definition } of BUILT_IN)
    made += await tx(db, async (t) => {
      if (await playBySlug(t, slug)) return 0
      const id = await createPlay(t, { name, slug }, now)
      // two servers that start at once: the second waited for the first above and finds its version
      if ((await versionsOf(t, id)).length > 0) return 0
      const saved = await saveDraft(t, registry, { play_id: id, definition, author_id: null }, now)
      if (isRefused(saved)) throw new Error(`built-in play ${slug}: ${saved.refused} ${saved.field ?? ""}`)
      await publishVersion(t, id, saved.version, now)
      return 1
    })
  return made
}
