import { z } from "zod"
import { SENSES, SERVICES, TOUCH_KINDS } from "../../../channels/protocol/index.ts"
import { defineEndpoint, type RefusalTable } from "../../../kernel/contract.ts"

const NAME_MAX = 40
const params = z.object({ name: z.string().min(1).max(NAME_MAX) })
const refusals: RefusalTable = {
  no_such_channel: { status: 404, zh: "没有这个渠道。", en: "There is no such channel." },
}

export const listChannels = defineEndpoint({
  id: "channels.list",
  method: "GET",
  path: "/api/channels",
  permission: "channels.read",
  summary: {
    zh: "渠道：各自能做什么，什么要靠人，是否已停用",
    en: "Channels: what each can do, what a person does, whether one has stopped",
  },
  answer: z.object({
    rows: z.array(
      z.object({
        name: z.string(),
        /** Done over the wire, with the people that one parcel may have. */
        can: z.array(z.object({ kind: z.enum(TOUCH_KINDS), parcel_size: z.number().int() })),
        /** The platform has no interface for these: they become assignments. */
        by_hand: z.array(z.enum(TOUCH_KINDS)),
        services: z.array(z.enum(SERVICES)),
        hears: z.array(z.enum(SENSES)),
        /** Whether the platform can be asked if it answers. */
        testable: z.boolean(),
        accounts: z.number().int(),
        stopped: z.object({ code: z.string(), since: z.string(), until: z.string() }).nullable(),
      }),
    ),
  }),
})

export const checkChannel = defineEndpoint({
  id: "channels.check",
  method: "POST",
  path: "/api/channels/:name/check",
  permission: "channels.write",
  summary: {
    zh: "测试渠道：地址、凭证、权限是否都对",
    en: "Test a channel: whether address, credentials and rights hold",
  },
  params,
  answer: z.object({
    ok: z.boolean(),
    /** Who may speak through it, as the platform says. */
    people: z.number().int().nullable(),
    /** What the platform answered instead. */
    failure: z.object({ code: z.string(), class: z.string(), detail: z.string().nullable() }).nullable(),
  }),
  refusals: {
    ...refusals,
    channel_untestable: {
      status: 409,
      zh: "这个渠道由人来做，没有可以测试的接口。",
      en: "People do the work of this channel; there is no interface to test.",
    },
  },
})

export const resumeChannel = defineEndpoint({
  id: "channels.resume",
  method: "POST",
  path: "/api/channels/:name/resume",
  permission: "channels.write",
  summary: {
    zh: "恢复被平台叫停的渠道：等着的立即发出",
    en: "Resume a channel that the platform stopped: what waits goes out at once",
  },
  params,
  answer: z.object({ waiting: z.number().int() }),
  refusals: {
    ...refusals,
    channel_not_stopped: { status: 409, zh: "这个渠道没有停用。", en: "This channel is not stopped." },
  },
})
