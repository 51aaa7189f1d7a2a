import { describe, expect, it } from "vitest"
import { IMPORT_KINDS, wire } from "./wiring.ts"

const { registry, routes } = wire({ sandbox: null, channels: [] })
/** Names that stand in a Chinese sentence as they are. */
const NAMES =
  /\b(API|RFM|GMV|SOP|CSV|TSV|XLSX?|UTF-?8|GB18030|KB|MB|HTTP|ID|IP|JSON|URL|WeCom|Siyu|OpenAPI|Excel|Idempotency-Key)\b|\{\{\w+\}\}/g

type Said = [where: string, words: { zh: string; en: string }]

/** Everything that the server says to people in two languages. */
function everything(): Said[] {
  const said: Said[] = []
  for (const { endpoint } of routes) {
    said.push([endpoint.id, endpoint.summary])
    for (const [code, words] of Object.entries(endpoint.refusals))
      said.push([`${endpoint.id} ${code}`, words])
  }
  const offers = [registry.facts, registry.traits, registry.conditions, registry.actions, registry.measures]
  for (const [name, offer] of offers.flatMap((map) => [...(map as ReadonlyMap<string, Offered>)])) {
    said.push([name, offer.label])
    if (offer.hint) said.push([`${name} hint`, offer.hint])
    for (const [value, words] of Object.entries(offer.values ?? {})) said.push([`${name} ${value}`, words])
    for (const [field, of] of Object.entries(offer.fields ?? {})) said.push([`${name} ${field}`, of.label])
  }
  for (const { name, words, fields, failures } of IMPORT_KINDS.values()) {
    said.push([`import of ${name}`, words])
    for (const field of fields)
      for (const one of [field.words, field.hint ?? field.words])
        said.push([`import of ${name} ${field.name}`, one])
    for (const [code, one] of Object.entries(failures)) said.push([`import of ${name} ${code}`, one])
  }
  return said
}

type Words = Said[1]
type Offered = {
  label: Words
  hint?: Words
  values?: Record<string, Words>
  fields?: Record<string, { label: Words }>
}

describe("what the server says", () => {
  it("is Chinese in Chinese and English in English, for every operation, refusal and offer", () => {
    const said = everything()
    expect(said.length).toBeGreaterThan(300)
    const wrong = said.filter(
      ([, { zh, en }]) =>
        !/\p{Script=Han}/u.test(zh) ||
        /[A-Za-z]{2,}/.test(zh.replace(NAMES, "")) ||
        /\p{Script=Han}/u.test(en) ||
        !/[A-Za-z]/.test(en),
    )
    expect(wrong).toEqual([])
  })
})
