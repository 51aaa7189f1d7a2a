import { z } from "zod"
import type { ContactWay, ContactWayWish, Failure, Services } from "../protocol/index.ts"
import { type Answer, type Client, failureIn } from "./client.ts"
import { CorpTags } from "./decode.ts"
import {
  CHECK_PATIENCE_MS,
  CONTACT_WAY_USERS,
  MEDIA_BYTES,
  MEDIA_LIFE_MS,
  STATE_CHARS,
  TAG_NAME_CHARS,
} from "./limits.ts"

const Nothing = z.object({})
const Made = z.object({ config_id: z.string().min(1), qr_code: z.string().optional() })
const Way = z.object({
  contact_way: z.object({
    config_id: z.string(),
    qr_code: z.string().optional(),
    state: z.string().catch(""),
    user: z.array(z.string()).nullish(),
  }),
})
const TagMade = z.object({
  tag_group: z.object({
    group_id: z.string().optional(),
    tag: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
})
const Followers = z.object({ follow_user: z.array(z.string()).nullish() })
const Uploaded = z.object({ media_id: z.string().min(1) })

const fix = (code: string): { failure: Failure } => ({ failure: { class: "fix", code } })
const failed = (answer: Extract<Answer<unknown>, { ok: false }>) => ({ failure: failureIn(answer) })

/** 联系我: codes that lead to staff. A way whose making was lost may exist unused; the caller makes another with the same state. */
export function contactWays(client: Client): Services["contact_way"] {
  const wrong = (wish: ContactWayWish) => {
    if (wish.account_refs.length === 0 || wish.account_refs.length > CONTACT_WAY_USERS)
      return fix("contact_way_users")
    return [...wish.state].length > STATE_CHARS ? fix("state_too_long") : undefined
  }
  const fields = (wish: ContactWayWish) => ({
    user: wish.account_refs,
    state: wish.state,
    skip_verify: wish.skip_verify,
    ...(wish.remark === undefined ? {} : { remark: wish.remark }),
  })
  const get = async (way_ref: string): Promise<ContactWay | { failure: Failure }> => {
    const answer = await client.call("externalcontact/get_contact_way", Way, {
      json: { config_id: way_ref },
      repeatable: true,
    })
    if (!answer.ok) return failed(answer)
    const { qr_code, state, user } = answer.body.contact_way
    return { way_ref, url: qr_code ?? "", state, account_refs: user ?? [] }
  }
  return {
    async create(wish) {
      const bad = wrong(wish)
      if (bad) return bad
      const answer = await client.call("externalcontact/add_contact_way", Made, {
        json: { type: wish.account_refs.length === 1 ? 1 : 2, scene: 2, ...fields(wish) },
        repeatable: false,
      })
      if (!answer.ok) return failed(answer)
      const { config_id, qr_code } = answer.body
      if (qr_code === undefined) return get(config_id)
      return { way_ref: config_id, url: qr_code, state: wish.state, account_refs: wish.account_refs }
    },
    async update(way_ref, wish) {
      const bad = wrong(wish)
      if (bad) return bad
      const answer = await client.call("externalcontact/update_contact_way", Nothing, {
        json: { config_id: way_ref, ...fields(wish) },
        repeatable: true,
      })
      return answer.ok ? get(way_ref) : failed(answer)
    },
    get,
    async remove(way_ref) {
      const answer = await client.call("externalcontact/del_contact_way", Nothing, {
        json: { config_id: way_ref },
        repeatable: true,
      })
      return answer.ok ? { removed: true } : failed(answer)
    },
  }
}

/** Company tags. Making is safe to repeat: names that are there already are found, not made twice. */
export function tagCatalogue(client: Client): Services["tag_catalogue"] {
  type Held = { group_ref: string | null; tags: Map<string, string> }
  const existing = async (group_name: string): Promise<Held | { failure: Failure }> => {
    const answer = await client.call("externalcontact/get_corp_tag_list", CorpTags, {
      json: {},
      repeatable: true,
    })
    if (!answer.ok) return failed(answer)
    const group = answer.body.tag_group.find((one) => one.group_name === group_name && !one.deleted)
    const tags = (group?.tag ?? []).filter((tag) => !tag.deleted)
    return { group_ref: group?.group_id ?? null, tags: new Map(tags.map((tag) => [tag.name, tag.id])) }
  }
  return {
    async create(group_name, names) {
      if ([group_name, ...names].some((name) => name === "" || [...name].length > TAG_NAME_CHARS))
        return fix("tag_name")
      const held = await existing(group_name)
      if ("failure" in held) return held
      const missing = [...new Set(names)].filter((name) => !held.tags.has(name))
      if (missing.length > 0) {
        const answer = await client.call("externalcontact/add_corp_tag", TagMade, {
          json: { group_name, tag: missing.map((name) => ({ name })) },
          repeatable: false,
        })
        if (!answer.ok) return failed(answer)
        for (const tag of answer.body.tag_group.tag) held.tags.set(tag.name, tag.id)
        held.group_ref ??= answer.body.tag_group.group_id ?? null
      }
      return {
        group_ref: held.group_ref,
        tag_refs: Object.fromEntries(names.map((name) => [name, held.tags.get(name) ?? ""])),
        made: missing,
      }
    },
    async rename(tag_ref, name) {
      if (name === "" || [...name].length > TAG_NAME_CHARS) return fix("tag_name")
      const answer = await client.call("externalcontact/edit_corp_tag", Nothing, {
        json: { id: tag_ref, name },
        repeatable: true,
      })
      return answer.ok ? { renamed: true } : failed(answer)
    },
    async remove(tag_refs) {
      if (tag_refs.length === 0) return { removed: true }
      const answer = await client.call("externalcontact/del_corp_tag", Nothing, {
        json: { tag_id: tag_refs },
        repeatable: true,
      })
      return answer.ok ? { removed: true } : failed(answer)
    },
  }
}

/** Somebody waits for the answer: it is not put behind a full pace for long. */
export function check(client: Client): Services["check"] {
  return async () => {
    const answer = await client.call("externalcontact/get_follow_user_list", Followers, {
      repeatable: true,
      patience_ms: CHECK_PATIENCE_MS,
    })
    return answer.ok ? { people: answer.body.follow_user?.length ?? 0 } : failed(answer)
  }
}

/** Inside WeCom's own limit of three in 24 hours, which is a row of the limits table and refused by the platform too. */
export function remind(client: Client): Services["remind"] {
  return async (task_ref) => {
    const answer = await client.call("externalcontact/remind_groupmsg_send", Nothing, {
      json: { msgid: task_ref },
      repeatable: false,
    })
    return answer.ok ? { reminded: true } : failed(answer)
  }
}

export function cancel(client: Client): Services["cancel"] {
  return async (task_ref) => {
    const answer = await client.call("externalcontact/cancel_groupmsg_send", Nothing, {
      json: { msgid: task_ref },
      repeatable: true,
    })
    if (answer.ok || (!answer.lost && answer.failure.code === "41093")) return { cancelled: true }
    return failed(answer)
  }
}

/** Temporary media, three days. */
export function media(client: Client, now: () => Date): Services["media"] {
  return async ({ kind, name, bytes }) => {
    if (bytes.length <= 5) return fix("media_too_small")
    if (bytes.length > MEDIA_BYTES[kind]) return fix("media_too_large")
    const form = new FormData()
    form.append("media", new Blob([Uint8Array.from(bytes)]), name)
    const answer = await client.call("media/upload", Uploaded, {
      query: { type: kind },
      form,
      repeatable: true,
    })
    if (!answer.ok) return failed(answer)
    return { media_ref: answer.body.media_id, expires_at: new Date(now().getTime() + MEDIA_LIFE_MS) }
  }
}
