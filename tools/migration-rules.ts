/**
 * What a migration must not do to a table that was there before it: a server of the version before still runs beside it, and a
 * company with a million customers works on meanwhile. Written of PostgreSQL 15.
 */
type Danger = { pattern: RegExp; why: string }

const VOLATILE = /\b(gen_random_uuid|random|clock_timestamp|nextval|uuidv7)\s*\(/i

const OF_ALTER: Danger[] = [
  { pattern: /\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b/i, why: "rewrites the table" },
  { pattern: /\bset\s+(un)?logged\b|\bset\s+tablespace\b/i, why: "rewrites the table" },
  { pattern: /\badd\s+(column\s+)?[^,]*\bgenerated\b/i, why: "rewrites the table" },
  { pattern: /\bdrop\s+column\b/i, why: "the version before still reads the column" },
  { pattern: /\brename\b/i, why: "the version before knows only the old name" },
  {
    pattern: /\bset\s+not\s+null\b/i,
    why: "reads the whole table under a lock: add a check not valid, validate it",
  },
  {
    pattern: /\badd\s+(constraint\s+\w+\s+)?(check|foreign\s+key)\b(?![\s\S]*\bnot\s+valid\b)/i,
    why: "reads the whole table under a lock: say not valid, then validate",
  },
  {
    pattern: /\badd\s+(constraint\s+\w+\s+)?(primary\s+key|unique|exclude)\b(?![\s\S]*\busing\s+index\b)/i,
    why: "builds an index under a lock: build it concurrently, then add it using index",
  },
]

/** Everything in a migration that would stop or break those who work on; empty for a harmless one. */
export function dangersOf(sql: string): string[] {
  const statements = statementsOf(sql)
  const made = new Set(
    statements.flatMap((s) => nameAfter(/^create (?:unlogged )?(?:table|view) (?:if not exists )?/i, s)),
  )
  return statements.flatMap((statement) => {
    const about = (why: string) => [`${statement.slice(0, 80)}: ${why}`]
    const old = (table: string | undefined) => table !== undefined && !made.has(table)
    const [altered] = nameAfter(/^alter (?:table|view) (?:if exists )?(?:only )?/i, statement)
    if (altered) return old(altered) ? alterDangers(statement).flatMap(about) : []
    const indexed = /^create (?:unique )?index (concurrently )?[\s\S]*? on (?:only )?"?(\w+)/i.exec(statement)
    if (indexed) return old(indexed[2]) ? indexDangers(sql, statement, indexed[1]).flatMap(about) : []
    const [dropped] = nameAfter(/^drop (?:table|view|function|type|sequence) (?:if exists )?/i, statement)
    if (dropped) return about("the version before still uses it")
    const [changed] = nameAfter(
      /^(?:update|delete from|truncate(?: table)?|lock(?: table)?) (?:only )?/i,
      statement,
    )
    if (old(changed)) return about("takes all rows at once: do it in the background, in batches")
    if (/^(vacuum|cluster|reindex (?!.*concurrently))/i.test(statement)) return about("locks the table")
    return []
  })
}

function alterDangers(statement: string): string[] {
  const found = OF_ALTER.filter(({ pattern }) => pattern.test(statement)).map(({ why }) => why)
  for (const [column] of statement.matchAll(/\badd\s+column\b[^,]*/gi)) {
    if (/\bnot\s+null\b/i.test(column) && !/\bdefault\b/i.test(column))
      found.push("the version before inserts rows without it")
    if (VOLATILE.test(column)) found.push("rewrites the table: the default differs by row")
  }
  return found
}

function indexDangers(file: string, statement: string, concurrently: string | undefined): string[] {
  if (!concurrently) return ["nobody can write while it is built: say concurrently"]
  const name = /concurrently (?:if not exists )?"?(\w+)/i.exec(statement)?.[1]
  const over = new RegExp(`drop index concurrently if exists ${name}\\b`, "i")
  return [
    ...(/^-- one by one\b/.test(file)
      ? []
      : ["cannot run in a transaction: begin the file with -- one by one"]),
    ...(over.test(file) ? [] : ["one that failed stays behind, not valid: drop it if it exists before"]),
  ]
}

const nameAfter = (begins: RegExp, statement: string): string[] => {
  const match = new RegExp(`${begins.source}"?(\\w+)`, begins.flags).exec(statement)
  return match?.[1] ? [match[1]] : []
}

/** Statements without comments, on one line each; what stands between dollars is a body and no statement of its own. */
function statementsOf(sql: string): string[] {
  return sql
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replace(/--.*$/gm, "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split(";")
    .map((statement) => statement.replace(/\s+/g, " ").trim())
    .filter((statement) => statement !== "")
}
