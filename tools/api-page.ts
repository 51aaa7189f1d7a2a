import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { wire } from "../src/apps/server/wiring.ts"
import { COMMON_REFUSALS } from "../src/kernel/contract.ts"
import { ROOT } from "../src/platform/config.ts"
import { openapi } from "../src/platform/http/index.ts"

// npm run docs: writes docs/api.md from the OpenAPI document that the server hands out. A test compares the two.

type Schema = {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  format?: string
  default?: unknown
  minimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
  $ref?: string
}
type Content = { content: Record<string, { schema: Schema }> }
type Operation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  "x-permission": string
  parameters: { name: string; in: string; required: boolean; schema: Schema }[]
  requestBody?: Content
  responses: Record<string, Content & { description: string }>
}
export type Document = { paths: Record<string, Record<string, Operation>> }

const HEAD = `# API

Written from the OpenAPI 3.1 document that every server hands out at \`/api/openapi.json\`; \`npm run docs\` writes it anew.

- Sign in by \`POST /api/session\` (a cookie), or send \`Authorization: Bearer TOKEN\` (\`npx siyu token create\`).
- JSON in and out. Money is whole fen (\`*_fen\`), times are UTC instants, a day is a day in Asia/Shanghai.
- Every POST takes an \`Idempotency-Key\`: the same key again gives the first answer and does nothing.
- Lists answer \`next_cursor\`; give it back as \`cursor\`. \`limit\` is at most 200.
- Where a list takes \`sort\`, a minus is the greatest first. Rows without a value stand last either way, and a cursor belongs to its sort.
- A refusal is \`application/problem+json\` with \`code\`, \`field\`, \`message\` (Chinese), \`message_en\` and \`request_id\`.

Any operation may be refused with

${Object.entries(COMMON_REFUSALS)
  .map(([code, { status, en }]) => refusal(code, status, en))
  .join("\n")}

`

function refusal(code: string, status: number, words: string): string {
  return `- \`${code}\` (${status}) ${words}`
}

/** Pure: the page, one part a module, one table of fields an operation. */
export function apiPage(document: Document): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const parts = [...new Set(operations.map((one) => one.operation.tags[0] ?? ""))].sort()
  const index = parts.map((part) => `[${part}](#${part})`).join(" · ")
  const body = parts.map((part) =>
    [
      `## ${part}`,
      ...operations.filter((one) => one.operation.tags[0] === part).map((one) => entry(one)),
    ].join("\n\n"),
  )
  return `${[HEAD + index, ...body].join("\n\n")}\n`
}

function entry(one: { path: string; method: string; operation: Operation }): string {
  const { operation } = one
  const takes = [
    ...operation.parameters
      .filter((parameter) => parameter.in !== "header")
      .map(({ name, schema, required, in: place }) => ({ name, place, required, type: typeOf(schema) })),
    ...fields(operation.requestBody).map((field) => ({ ...field, place: "body" })),
  ]
  const refusals = Object.entries(operation.responses)
    .filter(([status]) => status !== "200")
    .flatMap(([status, { description }]) =>
      description.split("\n").flatMap((line) => {
        const [code, ...words] = line.split(": ")
        return code && code in COMMON_REFUSALS ? [] : [refusal(code ?? "", Number(status), words.join(": "))]
      }),
    )
  return [
    `### \`${one.method} ${one.path}\``,
    `${operation.description}. ${operation.summary}。 Permission: \`${operation["x-permission"]}\`.`,
    ...(takes.length > 0
      ? [
          [
            "| takes | in | type |",
            "|---|---|---|",
            ...takes.map(
              (field) =>
                `| \`${field.name}\`${field.required ? "" : " (optional)"} | ${field.place} | ${cell(field.type)} |`,
            ),
          ].join("\n"),
        ]
      : []),
    `Answers: ${
      fields(operation.responses["200"])
        .map((field) => `\`${field.name}\` ${field.type}`)
        .join(", ") || "an empty object"
    }.`,
    ...(refusals.length > 0 ? [refusals.join("\n")] : []),
  ].join("\n\n")
}

function fields(content: Content | undefined): { name: string; required: boolean; type: string }[] {
  const schema = content?.content["application/json"]?.schema
  return Object.entries(schema?.properties ?? {}).map(([name, one]) => ({
    name,
    type: typeOf(one),
    required: schema?.required?.includes(name) ?? false,
  }))
}

const NESTING = 2
const FORMATS: Record<string, string> = { "date-time": "moment (ISO 8601)", date: "day (YYYY-MM-DD)" }

/** A schema in a few words: what somebody needs to write a call, not every bound of every part. */
function typeOf(schema: Schema, deep = 0): string {
  if (schema.$ref) return schema.$ref.split("/").at(-1) ?? "object"
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(" or ")
  if (schema.const !== undefined) return `\`${schema.const}\``
  const either = schema.anyOf ?? schema.oneOf
  if (either) return [...new Set(either.map((one) => typeOf(one, deep + 1)))].join(" or ")
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {}, deep + 1)}`
  if (schema.properties && deep < NESTING)
    return `{ ${Object.entries(schema.properties)
      .map(([name, one]) => `${name}: ${typeOf(one, deep + 1)}`)
      .join(", ")} }`
  const named = schema.format === undefined ? undefined : FORMATS[schema.format]
  if (named) return named
  const bounds = [
    schema.format,
    schema.maxLength === undefined ? undefined : `at most ${schema.maxLength} characters`,
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ].filter(Boolean)
  const name = Array.isArray(schema.type) ? schema.type.join(" or ") : (schema.type ?? "any")
  return bounds.length > 0 ? `${name} (${bounds.join(", ")})` : name
}

const cell = (text: string) => text.replaceAll("|", "\\|")

export const PAGE = join(ROOT, "docs/api.md")

export async function currentPage(): Promise<{ written: string; now: string }> {
  const endpoints = wire({ sandbox: null, channels: [] }).routes.map((route) => route.endpoint)
  const now = apiPage(openapi(endpoints, "0") as unknown as Document)
  return { now, written: await readFile(PAGE, "utf8").catch(() => "") }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { now } = await currentPage()
  await writeFile(PAGE, now)
}
