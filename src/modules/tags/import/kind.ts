import type { Tx } from "../../../platform/db.ts"
import type { TableRow } from "../../../platform/tables/table.ts"
import {
  type CustomerColumn,
  IDENTITY_FAILURES,
  IDENTITY_FIELD_NAMES,
  IDENTITY_FIELDS,
  type Identity,
  identitiesOf,
  knownCustomers,
} from "../../customers/index.ts"
import {
  type Columns,
  cellsOf,
  type Failure,
  type ImportField,
  type ImportKind,
  isFailure,
  type Job,
  type Outcome,
  type Taken,
} from "../../imports/index.ts"
import { roleOfStaff } from "../../staff/index.ts"
import { assign } from "../commands.ts"
import { TAG_FILE_ROWS_MAX } from "../limits.ts"
import { namedTags } from "../store-taxonomy.ts"
import { TAG_FAILURES, tagReader } from "./names.ts"

const TAGS: ImportField = {
  name: "tags",
  words: { zh: "标签", en: "Tags" },
  hint: {
    zh: "几个标签用顿号或逗号隔开；只能用标签体系里已有的标签",
    en: "Several with commas between; only tags that the taxonomy has",
  },
  aliases: /^(客户)?标签(名称?)?$|^tags?$/i,
  permission: "tags.write",
  sample: "宝妈、企业主",
}

/** The column of tags in files of customers. */
export const tagsColumn: CustomerColumn<string[]> = {
  field: TAGS,
  failures: TAG_FAILURES,
  reader: readerFor,
  take: giveTags,
}

type TagRow = { identities: Identity[]; tags: string }

/** Files that give tags to customers who are known already. */
export const tagsKind: ImportKind<TagRow> = {
  name: "tags",
  words: { zh: "客户标签", en: "Customers' tags" },
  permission: "tags.write",
  fields: [...IDENTITY_FIELDS.slice(0, 2), TAGS, ...IDENTITY_FIELDS.slice(2)],
  needs: [IDENTITY_FIELDS.map(({ name }) => name), ["tags"]],
  by_source: false,
  rows_max: TAG_FILE_ROWS_MAX,
  failures: {
    ...IDENTITY_FAILURES,
    ...TAG_FAILURES,
    unknown_customer: {
      zh: "没有这位客户，请先导入客户",
      en: "there is no such customer; import the customers first",
    },
  },
  read: readRow,
  begin: (job) => ({ take: (t, rows) => take(t, job, rows) }),
}

function readRow(row: TableRow, columns: Columns): TagRow | Failure {
  const cell = cellsOf(row, columns, {
    whole: [...IDENTITY_FIELD_NAMES, "tags"],
    exact: Object.keys(columns),
  })
  if (isFailure(cell)) return cell
  const identities = identitiesOf(cell)
  if (isFailure(identities)) return identities
  return cell("tags") === "" ? { failed: "missing_tags" } : { identities, tags: cell("tags") }
}

async function take(t: Tx, job: Job, rows: readonly TagRow[]): Promise<Taken> {
  const read = await readerFor(t, job)
  const customers = await knownCustomers(t, rows, job.scope)
  const given: { row: number; customer_id: string; value: string[] }[] = []
  const outcomes = rows.map((row, i): Outcome => {
    const whose = customers[i]!
    if (typeof whose !== "string") return whose
    const value = read(row.tags)
    if ("failed" in value) return value
    given.push({ row: i, customer_id: whose, value: value.value })
    return "skipped"
  })
  const changed = await giveTags(t, given, job)
  for (const { row, customer_id } of given) if (changed.has(customer_id)) outcomes[row] = "imported"
  return { outcomes }
}

async function readerFor(t: Tx, job: Job) {
  return tagReader(await namedTags(t), job.by === null ? null : await roleOfStaff(t, job.by))
}

/** Gives tags as of an import; gives the customers who got one that they had not. */
async function giveTags(
  t: Tx,
  given: readonly { customer_id: string; value: string[] }[],
  { now, by }: Job,
): Promise<ReadonlySet<string>> {
  const asks = given.flatMap(({ customer_id, value }) => value.map((tag_id) => ({ customer_id, tag_id })))
  const { assigned } = await assign(t, asks, { source: "import", by, at: now, origin: "history" })
  return new Set(assigned.map(({ customer_id }) => customer_id))
}
