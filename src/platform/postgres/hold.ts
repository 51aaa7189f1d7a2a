import { setTimeout as pause } from "node:timers/promises"
import pg from "pg"

/**
 * Who uses a cluster holds a shared advisory lock on it for as long as it does; who wants to stop it needs the
 * same lock for itself alone. So a command that began beside a server does not lose its database when the
 * server ends, and the other way round, and a holder that was killed holds nothing any more.
 * The key is the launcher's own; no other code takes advisory locks in this class.
 */
const LOCK = "1397315925, 1"
/** A killed holder's session may take this long to notice. */
const LET_GO_MS = 1_000

export interface Hold {
  /** Lets go and tries to have the cluster alone; true when nobody else uses it, and nobody can begin to. */
  alone(): Promise<boolean>
  end(): Promise<void>
}

/** Why there is no hold: `gone` may be tried again from the start, `stranger` means another cluster answers. */
export type NoHold = "gone" | "stranger"

export async function holdCluster(url: string, mark: string): Promise<Hold | NoHold> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "siyu hold",
    connectionTimeoutMillis: 5_000,
  })
  // The server's end closes this session; whoever uses the cluster hears of it on its own connections.
  client.on("error", () => undefined)
  try {
    await client.connect()
    const found = await client.query<{ cluster_name: string }>("show cluster_name")
    if (found.rows[0]?.cluster_name !== mark) {
      await quietEnd(client)
      return "stranger"
    }
    await client.query(`select pg_advisory_lock_shared(${LOCK})`)
  } catch (error) {
    await quietEnd(client)
    const code = (error as { code?: string }).code ?? ""
    if (code === "28P01" || code === "28000" || code === "3D000") return "stranger"
    return "gone"
  }
  // A hold alone keeps no process alive. (The methods are there; the type declarations lack them.)
  const socket = client as pg.Client & { ref(): void; unref(): void }
  socket.unref()
  return {
    async alone() {
      socket.ref()
      try {
        await client.query(`select pg_advisory_unlock_shared(${LOCK})`)
        const until = Date.now() + LET_GO_MS
        for (;;) {
          const got = await client.query<{ ok: boolean }>(`select pg_try_advisory_lock(${LOCK}) ok`)
          if (got.rows[0]?.ok) return true
          if (Date.now() > until) return false
          await pause(50)
        }
      } catch {
        // The session is lost: the server has died or is stopping, so nobody is kept from anything.
        return true
      }
    },
    end() {
      socket.ref()
      return quietEnd(client)
    },
  }
}

async function quietEnd(client: pg.Client): Promise<void> {
  try {
    await client.end()
  } catch {
    // Already closed from the other side.
  }
}
