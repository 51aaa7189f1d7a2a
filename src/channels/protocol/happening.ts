import { z } from "zod"

/**
 * Something that happened outside, as a channel heard it: raw, typed, in the outside world's own references (`*_ref`), before
 * anyone here knows a customer or an account by it. `at` is when it happened there; `origin` is `history` where it comes from a
 * sync or a repair of the past, `live` where it was told as it happened.
 */
const base = { at: z.date(), origin: z.enum(["live", "history"]) }
const ref = z.string().min(1).max(128)

/** The right to greet a new contact once. `expires_at` is machine time: nobody's patience runs faster than real time. */
export const Welcome = z.object({ code: z.string().min(1), expires_at: z.date() })
export type Welcome = z.infer<typeof Welcome>

/** A tag as it sits on a contact: members' own tags have no reference. */
export const WornTag = z.object({
  tag_ref: ref.optional(),
  name: z.string().optional(),
  group_name: z.string().optional(),
})

/** One staff account's relation to the person, as that account sees it. Sparse answers leave fields away. */
export const Follow = z.object({
  account_ref: ref,
  remark: z.string().optional(),
  description: z.string().optional(),
  add_way: z.number().int().optional(),
  added_by_ref: ref.optional(),
  state: z.string().optional(),
  tags: z.array(WornTag).optional(),
  created_at: z.date().optional(),
  mobiles: z.array(z.string()).optional(),
})
export type Follow = z.infer<typeof Follow>

export const GroupMember = z.object({
  member_ref: ref,
  kind: z.enum(["staff", "external"]),
  name: z.string().optional(),
  nickname: z.string().optional(),
  unionid: z.string().optional(),
  invited_by_ref: ref.optional(),
  scene: z.enum(["invited", "link", "code", "unknown"]),
  joined_at: z.date().optional(),
  state: z.string().optional(),
})
export type GroupMember = z.infer<typeof GroupMember>

const relation = { ...base, account_ref: ref, external_ref: ref }
const group = { ...base, chat_ref: ref }

export const Happening = z.discriminatedUnion("type", [
  /** Account and person became contacts. `half`: the account has not confirmed yet. At most one `welcome` for an adding. */
  z.object({
    ...relation,
    type: z.literal("contact_added"),
    half: z.boolean(),
    state: z.string().optional(),
    welcome: Welcome.optional(),
  }),
  /** Our side ended the relation. */
  z.object({ ...relation, type: z.literal("contact_deleted"), by_transfer: z.boolean() }),
  /** The person removed our account; our side still sees a one-way relation. */
  z.object({ ...relation, type: z.literal("contact_left") }),
  /** Remark, description, phones or tags were edited outside; a profile with the new values follows. */
  z.object({ ...relation, type: z.literal("contact_edited") }),
  /** The person agreed to conversation archiving. */
  z.object({ ...relation, type: z.literal("archive_agreed") }),
  z.object({
    ...relation,
    type: z.literal("transfer_failed"),
    reason: z.enum(["refused", "limit_exceeded", "unknown"]),
  }),
  /**
   * What the outside knows of a person at `at` (the moment of asking). `follows_complete`: accounts that are not listed have no
   * relation (any more); otherwise only the listed ones are told about.
   */
  z.object({
    ...base,
    type: z.literal("profile"),
    external_ref: ref,
    kind: z.enum(["wechat", "wecom", "unknown"]),
    name: z.string().optional(),
    gender: z.enum(["male", "female", "unknown"]),
    unionid: z.string().optional(),
    avatar: z.string().optional(),
    corp_name: z.string().optional(),
    follows: z.array(Follow),
    follows_complete: z.boolean(),
  }),
  /** Staff as listed at `at`; `complete`: who is not listed is no longer there. */
  z.object({
    ...base,
    type: z.literal("staff_listed"),
    complete: z.boolean(),
    staff: z.array(
      z.object({
        account_ref: ref,
        name: z.string().optional(),
        departments: z.array(z.number().int()),
        /** The job title as written there; a functional account is told by it (`IP号`, `成交号`, `会员号`, `代理号`). */
        position: z.string().optional(),
        leader_refs: z.array(ref).optional(),
        status: z.enum(["active", "disabled", "inactive", "left", "unknown"]),
        /** May have outside contacts at all. */
        serves_customers: z.boolean(),
      }),
    ),
  }),
  /** A member of staff is gone from the company; whoever came back is listed again. */
  z.object({ ...base, type: z.literal("staff_left"), account_ref: ref }),
  /** The whole catalogue of company tags at `at`. */
  z.object({
    ...base,
    type: z.literal("tag_catalogue"),
    groups: z.array(
      z.object({
        group_ref: ref,
        name: z.string(),
        order: z.number().int(),
        tags: z.array(z.object({ tag_ref: ref, name: z.string(), order: z.number().int() })),
      }),
    ),
  }),
  z.object({ ...group, type: z.literal("group_created") }),
  z.object({ ...group, type: z.literal("group_dismissed") }),
  z.object({
    ...group,
    type: z.literal("group_member_joined"),
    member_refs: z.array(ref),
    scene: z.enum(["invited", "link", "code", "unknown"]),
  }),
  z.object({
    ...group,
    type: z.literal("group_member_left"),
    member_refs: z.array(ref),
    scene: z.enum(["left", "removed", "unknown"]),
  }),
  /** A whole group as seen at `at`: members that are not listed are not in it. */
  z.object({
    ...group,
    type: z.literal("group_snapshot"),
    name: z.string(),
    owner_ref: ref.optional(),
    notice: z.string(),
    admin_refs: z.array(ref),
    created_at: z.date().optional(),
    version: z.string(),
    members: z.array(GroupMember),
  }),
  z.object({
    ...group,
    type: z.literal("group_message"),
    message_ref: ref,
    sender_ref: ref,
    kind: z.enum(["text", "image", "link", "file", "video", "voice", "miniprogram", "other"]),
    text: z.string(),
    mention_refs: z.array(ref),
  }),
])
export type Happening = z.infer<typeof Happening>
export type HappeningType = Happening["type"]
export type HappeningOf<T extends HappeningType> = Extract<Happening, { type: T }>
