import { useQueries } from "@tanstack/react-query"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listCustomers, readCustomer } from "../../../../modules/customers/contract.ts"
import { MISSING } from "../../../../ui/format.ts"
import { call, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useSettled } from "../../lib/settled.ts"
import { type Entry, entriesFor, matching } from "./entries.ts"
import { GROUP_ROWS, TYPING_PAUSE_MS } from "./limits.ts"
import type { Recent } from "./recent.ts"

export type Found =
  | { kind: "entry"; key: string; entry: Entry }
  | { kind: "customer"; key: string; id: string; name: string; more: string }

export type Group = { word: "recent" | "pages" | "actions" | "customers"; rows: Found[] }

type CustomerRow = CallAnswer<typeof listCustomers>["rows"][number]

/** What a text finds. Customers of an older text are never among it: answers are kept by the text that they answer. */
export function useResults(text: string, recent: readonly Recent[]) {
  const { can } = useSession()
  const q = text.trim()
  const settled = useSettled(q, TYPING_PAUSE_MS)
  const asks = can("customers.read") && q !== ""
  const customers = useRead(
    listCustomers,
    { query: { q: settled, limit: String(GROUP_ROWS) } as never },
    { enabled: asks && settled === q },
  )
  const entries = entriesFor(can)
  const chosen = useRecent(q === "" ? recent : [], entries)
  const found = matching(entries, q)
  const answered = asks && settled === q ? customers.data : undefined
  const groups: Group[] =
    q === ""
      ? [
          { word: "recent", rows: chosen },
          {
            word: "actions",
            rows: entries
              .filter((one) => one.kind === "action" && !chosen.some((other) => other.key === one.key))
              .map(asFound),
          },
        ]
      : [
          { word: "pages", rows: few(found, "page") },
          { word: "actions", rows: few(found, "action") },
          { word: "customers", rows: (answered?.rows ?? []).map(asCustomer) },
        ]
  return {
    groups: groups.filter((group) => group.rows.length > 0),
    waiting: asks && (settled !== q || customers.isPending),
    error: asks && settled === q ? customers.error : null,
    retry: () => void customers.refetch(),
  }
}

const few = (found: Entry[], kind: Entry["kind"]) =>
  found
    .filter((entry) => entry.kind === kind)
    .slice(0, GROUP_ROWS)
    .map(asFound)

const asFound = (entry: Entry): Found => ({ kind: "entry", key: entry.key, entry })

function asCustomer(row: CustomerRow): Found {
  const name = row.remark || row.name || MISSING
  const more = [
    row.remark && row.remark !== row.name ? row.name : "",
    row.phone_masked ?? "",
    row.owner_name ?? "",
  ]
  return {
    kind: "customer",
    key: `customer:${row.id}`,
    id: row.id,
    name,
    more: more.filter(Boolean).join(" · "),
  }
}

/** The last chosen, by today's rights and names; what is gone or no longer one's own drops out. */
function useRecent(recent: readonly Recent[], entries: readonly Entry[]): Found[] {
  const { can } = useSession()
  const answers = useQueries({
    queries: recent.flatMap((one) =>
      one.kind === "customer" && can("customers.read")
        ? [
            {
              queryKey: [readCustomer.id, { params: { id: one.id } }],
              queryFn: () => call(readCustomer, { params: { id: one.id } }),
              retry: false,
            },
          ]
        : [],
    ),
  })
  const known = new Map(answers.flatMap(({ data }) => (data ? [[data.id, data] as const] : [])))
  return recent.flatMap((one): Found[] => {
    if (one.kind === "entry") {
      const entry = entries.find((other) => other.key === one.key)
      return entry ? [asFound(entry)] : []
    }
    const customer = known.get(one.id)
    if (!customer) return []
    const remark = customer.contacts.find((contact) => contact.remark)?.remark ?? ""
    const { id, name, phone_masked, owner_name } = customer
    return [asCustomer({ id, name, remark, phone_masked, owner_name } as CustomerRow)]
  })
}
