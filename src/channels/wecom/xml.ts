import { XMLParser, XMLValidator } from "fast-xml-parser"
import { CALLBACK_BODY_BYTES, CALLBACK_DEPTH_MAX, CALLBACK_FIELDS_MAX, CALLBACK_ITEMS_MAX } from "./limits.ts"

/** Fields of an element: text, a nested element, or a list of texts (`Item`, repeated). */
export type XmlFields = { [name: string]: string | XmlFields | (string | XmlFields)[] }

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: false,
  htmlEntities: false,
  parseTagValue: false,
  trimValues: true,
})

/**
 * The fields of `<xml>…</xml>`. Null where it is no such document, too large, or declares anything: a DOCTYPE or ENTITY is
 * refused before a parser sees it, since every expansion attack needs one.
 */
export function readXml(text: string): XmlFields | null {
  if (text.length > CALLBACK_BODY_BYTES || /<!\s*(doctype|entity|element|attlist|notation)/i.test(text))
    return null
  try {
    if (XMLValidator.validate(text) !== true) return null
    const document = parser.parse(text) as Record<string, unknown>
    const root = document.xml
    if (typeof root !== "object" || root === null || Array.isArray(root)) return null
    return Object.keys(root).length <= CALLBACK_FIELDS_MAX && sound(root, 0) ? (root as XmlFields) : null
  } catch {
    return null
  }
}

function sound(value: unknown, depth: number): boolean {
  if (typeof value === "string") return true
  if (depth > CALLBACK_DEPTH_MAX || typeof value !== "object" || value === null) return false
  const parts = Object.values(value)
  return parts.length <= CALLBACK_ITEMS_MAX && parts.every((part) => sound(part, depth + 1))
}

/** A field's text as it stands in its CDATA; empty where there is none. */
export function textOf(fields: XmlFields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return typeof value === "string" ? value : ""
}
