/** What can be asked of a channel for one or many recipients. A touch has one of these kinds. */
export const TOUCH_KINDS = [
  "send_private",
  "send_group",
  "welcome",
  "tag",
  "remark",
  "notify_staff",
  "announce",
  "kick",
  "rename_group",
  "transfer_customer",
  "transfer_group",
] as const
export type TouchKind = (typeof TOUCH_KINDS)[number]

/** Services beside touches: they answer one question or make one thing. */
export const SERVICES = [
  "contact_way",
  "tag_catalogue",
  "remind",
  "cancel",
  "receipts",
  "transfer_results",
  "media",
  "staff_page",
  "check",
] as const
export type Service = (typeof SERVICES)[number]

/** What a channel hears from outside and tells as happenings. */
export const SENSES = [
  "read_staff",
  "read_contacts",
  "read_tags",
  "read_groups",
  "read_group_messages",
  "read_private_messages",
  "read_transfers",
] as const
export type Sense = (typeof SENSES)[number]

/** Asked, never assumed: what a channel cannot do becomes an assignment for a person. */
export type Capability = TouchKind | Service | Sense
