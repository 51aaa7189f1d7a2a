import { randomUUID } from "node:crypto"
import type { Failure } from "../protocol/index.ts"
import { TOKEN_LEASE_MS, TOKEN_POLL_MS, TOKEN_WAIT_MS } from "./limits.ts"
import type { TokenStore } from "./token-store.ts"

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What is kept under a key, or made by the one process that holds its lease while the others wait and look again. */
export async function oncePerLease<T>(
  store: TokenStore,
  key: string,
  look: () => Promise<T | undefined>,
  make: (owner: string) => Promise<T>,
): Promise<T | { failure: Failure }> {
  const owner = randomUUID()
  for (const end = Date.now() + TOKEN_WAIT_MS; Date.now() < end; await sleep(TOKEN_POLL_MS)) {
    const found = await look()
    if (found) return found
    if (!(await store.lock(key, owner, TOKEN_LEASE_MS))) continue
    try {
      // Again, now that nobody else renews: another process may have ended just before.
      return (await look()) ?? (await make(owner))
    } finally {
      await store.unlock(key, owner)
    }
  }
  return { failure: { class: "retry_later", code: "token_wait", retry_after_ms: 5_000 } }
}
