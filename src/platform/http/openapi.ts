import { z } from "zod"
import { type Endpoint, problemSchema } from "../../kernel/contract.ts"

type Json = Record<string, unknown>

const MOMENT = { type: "string", format: "date-time" } as const

const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
    // A moment is a date in code and text on the wire.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, MOMENT)
    },
  }) as Json
  return json
}

/** OpenAPI 3.1 of the given endpoints: the same words that the server checks and the client is typed by. */
export function openapi(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, "{$1}")
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) }
  }
  return {
    openapi: "3.1.0",
    info: { title: "Siyu", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    components: {
      schemas: { Problem: schemaOf(problemSchema, "output") },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "siyu_session" },
      },
    },
    paths,
  }
}

function operation(endpoint: Endpoint): Json {
  const byStatus = new Map<number, string[]>()
  for (const [code, words] of Object.entries(endpoint.refusals))
    byStatus.set(words.status, [...(byStatus.get(words.status) ?? []), `${code}: ${words.en}`])
  return {
    operationId: endpoint.id,
    summary: endpoint.summary.zh,
    description: endpoint.summary.en,
    tags: [endpoint.id.split(".")[0]],
    "x-permission": endpoint.permission,
    security: endpoint.permission === "public" ? [] : [{ session: [] }, { bearer: [] }],
    parameters: [
      ...parameters(endpoint.params, "path"),
      ...parameters(endpoint.query, "query"),
      ...idempotency(endpoint),
    ],
    ...(endpoint.method === "GET"
      ? {}
      : { requestBody: { content: { "application/json": { schema: schemaOf(endpoint.body, "input") } } } }),
    responses: {
      "200": {
        description: "ok",
        content: { "application/json": { schema: schemaOf(endpoint.answer, "output") } },
      },
      ...Object.fromEntries(
        [...byStatus].map(([status, codes]) => [
          String(status),
          {
            description: codes.join("\n"),
            content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
          },
        ]),
      ),
    },
  }
}

function parameters(schema: z.ZodType, place: "path" | "query"): Json[] {
  const json = schemaOf(schema, "input") as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(json.properties ?? {}).map(([name, one]) => ({
    name,
    in: place,
    required: place === "path" || (json.required ?? []).includes(name),
    schema: one,
  }))
}

function idempotency(endpoint: Endpoint): Json[] {
  if (endpoint.method !== "POST") return []
  return [
    { name: "Idempotency-Key", in: "header", required: false, schema: { type: "string", maxLength: 255 } },
  ]
}
