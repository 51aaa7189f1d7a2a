import { createHash } from "node:crypto"
import { z } from "zod"
import type { Follow, GroupMember, Happening, HappeningOf } from "../protocol/index.ts"
import type { SeenFollow } from "./rules.ts"

/** The platform leaves fields away, sends null, or a number as text; none of that is an error. */
const int = z
  .preprocess((v) => (typeof v === "string" && /^-?\d+$/.test(v) ? Number(v) : v), z.number().int())
  .optional()
  .catch(undefined)
const str = z.string().optional().catch(undefined)
const strs = z.array(z.string()).optional().catch(undefined)
const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((v) => (Array.isArray(v) ? v.filter((one) => item.safeParse(one).success) : []), z.array(item))

const FollowAnswer = z.object({
  userid: z.string().min(1),
  remark: str,
  description: str,
  createtime: int,
  remark_mobiles: strs,
  add_way: int,
  oper_userid: str,
  state: str,
  tags: z
    .array(z.object({ group_name: str, tag_name: str, tag_id: str, type: int }))
    .optional()
    .catch(undefined),
  tag_id: strs,
})
const ContactAnswer = z.object({
  external_userid: z.string().min(1),
  name: str,
  type: int,
  gender: int,
  avatar: str,
  unionid: str,
  corp_name: str,
})
export const GetContact = z.object({
  external_contact: ContactAnswer,
  follow_user: listOf(FollowAnswer),
  next_cursor: str,
})
export const GetByUser = z.object({
  external_contact_list: listOf(z.object({ external_contact: ContactAnswer, follow_info: FollowAnswer })),
  next_cursor: str,
})
export const FollowUsers = z.object({ follow_user: listOf(z.string()) })
export const UserList = z.object({
  userlist: listOf(
    z.object({
      userid: z.string().min(1),
      name: str,
      department: z.array(z.number().int()).optional().catch(undefined),
      position: str,
      direct_leader: z.array(z.string()).optional().catch(undefined),
      status: int,
    }),
  ),
})
export const CorpTags = z.object({
  tag_group: listOf(
    z.object({
      group_id: z.string().min(1),
      group_name: z.string(),
      order: int,
      deleted: z.boolean().optional().catch(undefined),
      tag: listOf(
        z.object({
          id: z.string().min(1),
          name: z.string(),
          order: int,
          deleted: z.boolean().optional().catch(undefined),
        }),
      ),
    }),
  ),
})
export const GroupList = z.object({
  group_chat_list: listOf(z.object({ chat_id: z.string().min(1), status: int })),
  next_cursor: str,
})
export const GroupDetail = z.object({
  group_chat: z.object({
    chat_id: z.string().min(1),
    name: str,
    owner: str,
    notice: str,
    create_time: int,
    member_version: str,
    member_list: listOf(
      z.object({
        userid: z.string().min(1),
        type: int,
        unionid: str,
        name: str,
        group_nickname: str,
        join_scene: int,
        join_time: int,
        state: str,
        invitor: z.object({ userid: str }).optional().catch(undefined),
      }),
    ),
    admin_list: listOf(z.object({ userid: z.string().min(1) })),
  }),
})

const date = (seconds: number | undefined) =>
  seconds && seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000) : undefined

/** Without the keys whose value is undefined. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T
}

export function followOf(f: z.infer<typeof FollowAnswer>): Follow {
  const tags = f.tags
    ? f.tags.map((t) =>
        defined({ tag_ref: t.tag_id || undefined, name: t.tag_name, group_name: t.group_name }),
      )
    : f.tag_id?.map((tag_ref) => ({ tag_ref }))
  return defined({
    account_ref: f.userid,
    remark: f.remark,
    description: f.description,
    add_way: f.add_way,
    added_by_ref: f.oper_userid || undefined,
    state: f.state || undefined,
    tags,
    created_at: date(f.createtime),
    mobiles: f.remark_mobiles,
  })
}

const KINDS = { 1: "wechat", 2: "wecom" } as const
const GENDERS = { 1: "male", 2: "female" } as const

export function profileOf(
  c: z.infer<typeof ContactAnswer>,
  follows: Follow[],
  follows_complete: boolean,
  at: Date,
  origin: "live" | "history",
): HappeningOf<"profile"> {
  return defined({
    type: "profile" as const,
    at,
    origin,
    external_ref: c.external_userid,
    kind: KINDS[c.type as 1 | 2] ?? "unknown",
    name: c.name,
    gender: GENDERS[c.gender as 1 | 2] ?? "unknown",
    unionid: c.unionid || undefined,
    avatar: c.avatar || undefined,
    corp_name: c.corp_name || undefined,
    follows,
    follows_complete,
  })
}

export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32)
}

/** Of what both ways of asking show: a member's own tags are only in one of them and count as unchanged. */
export function seenFollow(profile: HappeningOf<"profile">, follow: Follow): SeenFollow {
  const tags = (follow.tags ?? []).flatMap((tag) => (tag.tag_ref ? [tag.tag_ref] : [])).sort()
  const { name, gender, unionid, kind } = profile
  const { remark = "", description = "", add_way, state, mobiles = [] } = follow
  return defined({
    account_ref: follow.account_ref,
    created_at: follow.created_at,
    state: follow.state,
    digest: digestOf([
      name,
      gender,
      unionid,
      kind,
      remark,
      description,
      add_way,
      state,
      [...mobiles].sort(),
      tags,
    ]),
  })
}

const SCENES = { 1: "invited", 2: "link", 3: "code" } as const

export function groupOf(
  answer: z.infer<typeof GroupDetail>,
  at: Date,
  origin: "live" | "history",
): HappeningOf<"group_snapshot"> {
  const g = answer.group_chat
  return defined({
    type: "group_snapshot" as const,
    at,
    origin,
    chat_ref: g.chat_id,
    name: g.name ?? "",
    owner_ref: g.owner || undefined,
    notice: g.notice ?? "",
    admin_refs: g.admin_list.map((admin) => admin.userid),
    created_at: date(g.create_time),
    version: g.member_version ?? "",
    members: g.member_list.map(
      (m): GroupMember =>
        defined({
          member_ref: m.userid,
          kind: m.type === 1 ? ("staff" as const) : ("external" as const),
          name: m.name,
          nickname: m.group_nickname || undefined,
          unionid: m.unionid || undefined,
          invited_by_ref: m.invitor?.userid || undefined,
          scene: SCENES[m.join_scene as 1 | 2 | 3] ?? ("unknown" as const),
          joined_at: date(m.join_time),
          state: m.state || undefined,
        }),
    ),
  })
}

/** Without `at` and `origin`: equal digests mean that nothing changed. */
export function snapshotDigest(happening: Happening): string {
  return digestOf({ ...happening, at: null, origin: null })
}

export function catalogueOf(
  answer: z.infer<typeof CorpTags>,
  at: Date,
  origin: "live" | "history",
): HappeningOf<"tag_catalogue"> {
  return {
    type: "tag_catalogue",
    at,
    origin,
    groups: answer.tag_group
      .filter((group) => !group.deleted)
      .map((group) => ({
        group_ref: group.group_id,
        name: group.group_name,
        order: group.order ?? 0,
        tags: group.tag
          .filter((tag) => !tag.deleted)
          .map((tag) => ({ tag_ref: tag.id, name: tag.name, order: tag.order ?? 0 })),
      })),
  }
}

const STATUSES = { 1: "active", 2: "disabled", 4: "inactive", 5: "left" } as const

/** Staff of the address book, and those who serve customers without being visible in it. */
export function staffOf(
  users: z.infer<typeof UserList>["userlist"],
  serving: readonly string[],
  at: Date,
): HappeningOf<"staff_listed"> {
  const serves = new Set(serving)
  const listed = new Map<string, HappeningOf<"staff_listed">["staff"][number]>()
  for (const user of users)
    listed.set(
      user.userid,
      defined({
        account_ref: user.userid,
        name: user.name,
        departments: user.department ?? [],
        position: user.position,
        leader_refs: user.direct_leader,
        status: user.status === undefined ? ("unknown" as const) : (STATUSES[user.status as 1] ?? "unknown"),
        serves_customers: serves.has(user.userid),
      }),
    )
  for (const account_ref of serving)
    if (!listed.has(account_ref))
      listed.set(account_ref, { account_ref, departments: [], status: "unknown", serves_customers: true })
  return { type: "staff_listed", at, origin: "history", complete: true, staff: [...listed.values()] }
}
