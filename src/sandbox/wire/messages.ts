import { z } from "zod"
import { limits } from "../limits.ts"
import { memberOf } from "../world/staff.ts"
import { byteLength, type Endpoint, endpoint, fail, text } from "./endpoint.ts"

const KINDS = [
  "text",
  "image",
  "voice",
  "video",
  "file",
  "textcard",
  "news",
  "mpnews",
  "markdown",
  "miniprogram_notice",
  "template_card",
]

const send = endpoint({
  path: "message/send",
  args: z.looseObject({
    touser: z.string().default(""),
    toparty: z.string().default(""),
    totag: z.string().default(""),
    msgtype: text,
    agentid: z.coerce.number().int(),
  }),
  run({ world, at, config }, ask) {
    if (ask.agentid !== config.agent_id) return fail(301002)
    if (!KINDS.includes(ask.msgtype)) return fail(40008)
    if (ask.touser === "" && ask.toparty === "" && ask.totag === "") return fail(82001)
    const part = ask[ask.msgtype] as { content?: string; title?: string } | undefined
    if (!part) return fail(40058, ask.msgtype)
    if (ask.msgtype === "text" && !part.content) return fail(44004)
    if (byteLength(part.content ?? "") > 2_048) return fail(45002)
    const asked =
      ask.touser === "@all"
        ? world.activeMembers().map((m) => m.userid)
        : ask.touser.split("|").filter((u) => u !== "")
    if (asked.length > 1_000) return fail(40032)
    const party = ask.toparty
      .split("|")
      .filter((p) => p !== "")
      .map(Number)
    const good = new Set(
      asked.filter((userid) => world.member(userid)).map((userid) => memberOf(userid)!.userid),
    )
    for (const m of world.activeMembers()) if (party.includes(m.department)) good.add(m.userid)
    const bad = asked.filter((userid) => !world.member(userid)).map((userid) => userid.toLowerCase())
    if (good.size === 0) return fail(81013)
    const n = world.next("app message")
    const said = part.content ?? part.title ?? ask.msgtype
    world.t.app_messages.put(n, {
      at,
      to: [...good],
      msgtype: ask.msgtype,
      text: [...said].slice(0, 500).join(""),
    })
    world.t.app_messages.trim(limits.app_messages_kept)
    return {
      invaliduser: bad.join("|"),
      invalidparty: "",
      invalidtag: "",
      unlicenseduser: "",
      msgid: world.newSecret("", 40),
    }
  },
})

const recall = endpoint({ path: "message/recall", args: z.object({ msgid: text }), run: () => ({}) })

export const messageEndpoints: Endpoint[] = [send, recall]
