import { createHash } from "node:crypto"
import { readXml, textOf, type XmlFields } from "./xml.ts"

/** A decrypted event, checked as far as every event goes. `subject` orders: events of one subject are told in order. */
export type CallbackEvent = {
  key: string
  event: string
  change: string
  subject: string
  /** Seconds since 1970, the platform's clock. */
  create_time: number
  fields: XmlFields
}

/** Null where the text is no event: not XML, no CreateTime, another type of message. */
export function readEvent(message: string): CallbackEvent | null {
  const fields = readXml(message)
  if (!fields) return null
  const create_time = Number(textOf(fields, "CreateTime") || textOf(fields, "TimeStamp"))
  const event = textOf(fields, "Event") || textOf(fields, "InfoType")
  if (!Number.isSafeInteger(create_time) || create_time <= 0 || create_time > 1e11 || !event) return null
  return {
    key: keyOf(fields),
    event,
    change: textOf(fields, "ChangeType"),
    subject: subjectOf(fields),
    create_time,
    fields,
  }
}

/**
 * Known by all that it says: a hash of every field in the order of names, so that white space and CDATA make no other event.
 * Sender and second alone, as it is often done, lose a customer when two people scan in one second.
 */
export function keyOf(fields: XmlFields): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(fields)))
    .digest("hex")
}

type Canonical = string | Canonical[] | [string, Canonical][]

function canonical(value: XmlFields[string]): Canonical {
  if (typeof value === "string") return value
  if (Array.isArray(value)) return value.map(canonical)
  return Object.keys(value)
    .sort()
    .map((name): [string, Canonical] => [name, canonical(value[name]!)])
}

function subjectOf(fields: XmlFields): string {
  const contact = textOf(fields, "ExternalUserID")
  if (contact) return `contact ${contact}`
  const chat = textOf(fields, "ChatId")
  if (chat) return `group ${chat}`
  return textOf(fields, "Event") || textOf(fields, "InfoType")
}

/** Member ids of a group event: `Item` once or often, or the older comma-joined text. */
export function memberRefs(fields: XmlFields): string[] {
  const list = Object.hasOwn(fields, "MemChangeList") ? fields.MemChangeList : undefined
  if (typeof list === "string") return list.split(",").filter(Boolean)
  if (!list || Array.isArray(list)) return []
  const items = list.Item
  const all = Array.isArray(items) ? items : [items]
  return all.filter((item): item is string => typeof item === "string" && item !== "")
}
