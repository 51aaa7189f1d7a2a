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
  | { kind: "customer"; key: string; id: string; name: string; more: string; matched: Matched | null }

/** What a text found a customer by, where the name that is shown does not say so. */
export type Matched = { field: "remark" | "phone" | "tag"; text: string }

export type Group = { word: "recent" | "pages" | "actions" | "customers"; rows: Found[] }

type CustomerRow = CallAnswer<typeof listCustomers>["rows"][number]

/** Customers that a text finds in one way. */
const asking = (q: string, found_by: "person" | "tag") =>
  ({ query: { q, found_by, limit: String(GROUP_ROWS) } }) as never

/** What a text finds. Customers of an older text are never among it: answers are kept by the text that they answer. */
export function useResults(text: string, recent: readonly Recent[]) {
  const { can } = useSession()
  const q = text.trim()
  const settled = useSettled(q, TYPING_PAUSE_MS)
  const asks = can("customers.read") && q !== ""
  const customers = useRead(listCustomers, asking(settled, "person"), { enabled: asks && settled === q })
  // Whoever is called so comes first; who has a tag of that name fills what is left.
  const room = customers.data !== undefined && customers.data.rows.length < GROUP_ROWS
  const tagged = useRead(listCustomers, asking(settled, "tag"), {
    enabled: asks && settled === q && room,
  })
  const entries = entriesFor(can)
  const chosen = useRecent(q === "" ? recent : [], entries)
  const found = matching(entries, q)
  const people = asks && settled === q ? (customers.data?.rows ?? []) : []
  const more = asks && settled === q && room ? (tagged.data?.rows ?? []) : []
  const answered = [...people, ...more.filter((one) => !people.some((other) => other.id === one.id))]
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
          { word: "customers", rows: answered.slice(0, GROUP_ROWS).map(asCustomer) },
        ]
  return {
    groups: groups.filter((group) => group.rows.length > 0),
    waiting: asks && (settled !== q || customers.isPending || (room && tagged.isPending)),
    error: asks && settled === q ? (customers.error ?? tagged.error) : null,
    retry: () => void (customers.error ? customers : tagged).refetch(),
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
    matched: row.matched && row.matched.field !== "name" ? (row.matched as Matched) : null,
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
    const said = customer.contacts.find((contact) => contact.remark)?.remark
    // The company's own goes first, as in the list.
    const remark = customer.remark || said || ""
    const { id, name, phone_masked, owner_name } = customer
    return [asCustomer({ id, name, remark, phone_masked, owner_name, matched: null } as never)]
  })
}
