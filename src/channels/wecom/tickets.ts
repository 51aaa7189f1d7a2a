import { createHash } from "node:crypto"
import { z } from "zod"
import type { Failure } from "../protocol/index.ts"
import { type Client, failureIn } from "./client.ts"
import { oncePerLease } from "./lease.ts"
import { CHECK_PATIENCE_MS, TOKEN_MARGIN_MS } from "./limits.ts"
import type { TokenStore } from "./token-store.ts"

export type Ticket = { ticket: string } | { failure: Failure }
/** For pages: the company's ticket and the application's. */
export type TicketKind = "corp" | "agent"
export type Tickets = { get(kind: TicketKind): Promise<Ticket> }

const Given = z.object({ ticket: z.string().min(1), expires_in: z.number().positive() })

/**
 * Tickets by which pages are signed, kept like the access token: shared by all processes, sealed, fetched by one. The platform
 * gives out 100 an hour to an application, and each lives two hours.
 */
export function openTickets(options: {
  corp_id: string
  agent_id: number
  client: Client
  store: TokenStore
}): Tickets {
  const { corp_id, agent_id, client, store } = options
  const keyOf = (kind: TicketKind) =>
    createHash("sha256").update(`${corp_id}\n${agent_id}\nticket\n${kind}`).digest("hex").slice(0, 32)
  const held = new Map<TicketKind, { ticket: string; expires_ms: number }>()
  const pending = new Map<TicketKind, Promise<Ticket>>()

  const look = async (kind: TicketKind): Promise<Ticket | undefined> => {
    const found = await store.get(keyOf(kind))
    if (!found) return undefined
    held.set(kind, { ticket: found.token, expires_ms: found.expires_at.getTime() })
    return { ticket: found.token }
  }

  const fetchTicket = async (kind: TicketKind, owner: string): Promise<Ticket> => {
    const asked = { repeatable: true, patience_ms: CHECK_PATIENCE_MS } as const
    const answer =
      kind === "corp"
        ? await client.call("get_jsapi_ticket", Given, asked)
        : await client.call("ticket/get", Given, { ...asked, query: { type: "agent_config" } })
    if (!answer.ok) return { failure: failureIn(answer) }
    const { ticket, expires_in } = answer.body
    const life_ms = expires_in * 1000
    const expires_at = new Date(Date.now() + life_ms - Math.min(TOKEN_MARGIN_MS, life_ms / 2))
    await store.set(keyOf(kind), { token: ticket, expires_at }, owner)
    held.set(kind, { ticket, expires_ms: expires_at.getTime() })
    return { ticket }
  }

  return {
    async get(kind) {
      const own = held.get(kind)
      if (own && own.expires_ms > Date.now()) return { ticket: own.ticket }
      let asking = pending.get(kind)
      if (!asking) {
        asking = oncePerLease<Ticket>(
          store,
          keyOf(kind),
          () => look(kind),
          (owner) => fetchTicket(kind, owner),
        ).finally(() => pending.delete(kind))
        pending.set(kind, asking)
      }
      return asking
    },
  }
}
