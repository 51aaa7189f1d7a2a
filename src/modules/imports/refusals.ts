import type { RefusalTable, Words } from "../../kernel/contract.ts"
import { TABLE_REFUSALS } from "../../platform/tables/refusals.ts"

export const FILE_EXPIRED = {
  status: 410,
  zh: "这次导入的文件过了保留期限，已经删除；需要的话请重新上传。",
  en: "The files of this import were kept for their time and are deleted; upload the file again if you need it.",
} as const

/** Why a file of more rows than its kind takes is not begun; the limit is named. */
export const tooManyRows = (rows_max: number): Words => ({
  zh: `一个文件最多 ${rows_max.toLocaleString("en")} 行，这个文件超过了；一行也没有导入，请拆成几份。`,
  en: `A file holds at most ${rows_max.toLocaleString("en")} rows and this one has more; none was taken. Split it.`,
})

/** Why a file is not imported at all. */
export const IMPORT_REFUSALS: RefusalTable = {
  ...TABLE_REFUSALS,
  file_expired: FILE_EXPIRED,
  too_many_rows: {
    status: 413,
    zh: "文件的行数超过上限，一行也没有导入，请拆成几份。",
    en: "The file has more rows than one file may; none was taken. Split it.",
  },
  missing_column: { status: 422, zh: "文件里没有这一列。", en: "The file has no such column." },
  ambiguous_column: {
    status: 422,
    zh: "有两列同名，请先改名。",
    en: "Two columns have this heading; rename one.",
  },
  bad_mapping: {
    status: 400,
    zh: "列对应写得不对，必填的列要对应文件里的列。",
    en: "The mapping is not valid; the fields that are needed must name columns of the file.",
  },
}
