import { oneRow, type Queryable, run } from "./db.ts"
import { StartProblem } from "./postgres/index.ts"

export type Stamp = "sandbox" | "real"

/**
 * Stamps a database at its first start and refuses every later start as the other kind: a sandbox's invented people
 * must not receive a real company's messages, nor real people be driven by a virtual world.
 */
export async function stampOrRefuse(db: Queryable, kind: Stamp): Promise<void> {
  await run(db, "insert into platform_stamp (kind) values ($1) on conflict do nothing", [kind])
  const { kind: found } = await oneRow<{ kind: Stamp }>(db, "select kind from platform_stamp")
  if (found === kind) return
  throw found === "sandbox"
    ? new StartProblem(
        "other_kind",
        "这个数据库属于演练用的虚拟企业，不能接到真实企业上：请换一个 SIYU_HOME（或 DATABASE_URL）。",
        "This database belongs to a sandbox company and cannot serve a real one: use another SIYU_HOME (or DATABASE_URL).",
      )
    : new StartProblem(
        "other_kind",
        "这个数据库属于真实企业，不能用来跑虚拟企业：请设置 SIYU_SANDBOX=off，或换一个 SIYU_HOME（或 DATABASE_URL）。",
        "This database belongs to a real company and cannot run the sandbox: set SIYU_SANDBOX=off, or use another SIYU_HOME (or DATABASE_URL).",
      )
}
