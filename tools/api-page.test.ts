import { describe, expect, it } from "vitest"
import { apiPage, currentPage, type Document } from "./api-page.ts"

const document = (schema: object): Document => ({
  paths: {
    "/api/things/{id}": {
      post: {
        operationId: "things.make",
        summary: "新建",
        description: "Make a thing",
        tags: ["things"],
        "x-permission": "things.write",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } }],
        requestBody: { content: { "application/json": { schema } } },
        responses: {
          "200": { description: "ok", content: { "application/json": { schema: {} } } },
          "409": { description: "name_taken: The name is taken.", content: {} },
        },
      },
    },
  },
})

describe("the page of the API", () => {
  it("says of each operation what it takes, what it answers, who may, and why it is refused", () => {
    const page = apiPage(
      document({
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string", maxLength: 40 },
          kind: { enum: ["a", "b"] },
          tags: { type: "array", items: { type: "string" } },
          note: { anyOf: [{ type: "string" }, { type: "null" }] },
        },
      }),
    )
    expect(page).toContain("### `POST /api/things/{id}`")
    expect(page).toContain("| `id` | path | string (uuid) |")
    expect(page).toContain("| `name` | body | string (at most 40 characters) |")
    expect(page).toContain("| `kind` (optional) | body | `a` or `b` |")
    expect(page).toContain("| `note` (optional) | body | string or null |")
    expect(page).toContain("Permission: `things.write`.")
    expect(page).toContain("- `name_taken` (409) The name is taken.")
  })

  it("is written anew when an endpoint changes: npm run docs", async () => {
    const { written, now } = await currentPage()
    expect(written).toBe(now)
    // A date in code is text on the wire: whoever writes a client reads which.
    expect(now).toContain("occurred_at: moment (ISO 8601)")
  })
})
