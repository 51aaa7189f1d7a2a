import { z } from "zod"
import { defineEndpoint, pageOf, pageQuery } from "../../kernel/contract.ts"
import { cursorMoment, cursorOf } from "../../kernel/cursor.ts"
import { FILE_EXPIRED, IMPORT_REFUSALS } from "./refusals.ts"

const words = z.object({ zh: z.string(), en: z.string() })
const ENCODINGS = ["utf-8", "gb18030", "utf-16le", "utf-16be"] as const

/** How to read the file; columns by heading, or by number from 1 where it has none. */
export const importOptions = z.object({
  /** By field of the kind; a field that is not there takes nothing. */
  mapping: z.record(z.string().max(40), z.string().max(300)),
  header: z.boolean().default(true),
  /** What tells this file's rows from those of others; the same name again means the same rows again. */
  source: z.string().trim().min(1).max(100),
  encoding: z.enum(ENCODINGS).optional(),
  delimiter: z.enum([",", ";", "\t", "|", "whitespace"]).optional(),
  sheet: z.string().max(100).optional(),
})

export const importRow = z.object({
  id: z.string(),
  kind: z.string(),
  file_name: z.string(),
  bytes: z.number().int(),
  /** `checked` is a dry run that ended, `done` a real one. */
  state: z.enum(["uploaded", "queued", "running", "paused", "checked", "done", "failed", "cancelled"]),
  dry_run: z.boolean(),
  options: importOptions.nullable(),
  counts: z
    .object({
      read: z.number().int(),
      /** New ones; `changed` were known and became something else, `skipped` were known as they are. */
      imported: z.number().int(),
      changed: z.number().int(),
      skipped: z.number().int(),
      failed: z.number().int(),
    })
    .nullable(),
  /** Why the file was not read at all: a code of the import's refusals, and its sentence. */
  problem: z.string().nullable(),
  problem_words: words.nullable(),
  /** The first rows that cannot be taken, with the reason in words. */
  failures: z
    .array(z.object({ line: z.number().int(), reason: z.string(), cells: z.array(z.string()) }))
    .nullable(),
  has_failed_rows: z.boolean(),
  /** Until when the uploaded file and the failed rows are kept, where that is known; and when they were deleted. */
  files_until: z.date().nullable(),
  files_expired_at: z.date().nullable(),
  /** Rows that a run has before it, where a dry run counted them. */
  expected_rows: z.number().int().nullable(),
  by_name: z.string().nullable(),
  created_at: z.date(),
  ended_at: z.date().nullable(),
})
export type ImportRow = z.infer<typeof importRow>

const params = z.object({ id: z.uuid() })

/** How the file was read, and its first rows: somebody sees at once whether that is right. */
const look = {
  /** Null for a workbook, whose text has but one. */
  encoding: z.enum(ENCODINGS).nullable(),
  /** Sheets of a workbook by name; null for text. */
  sheets: z.array(z.string()).nullable(),
  sample: z.array(z.array(z.string())),
}

export const listImportKinds = defineEndpoint({
  id: "imports.kinds",
  method: "GET",
  path: "/api/imports/kinds",
  permission: "imports.write",
  summary: { zh: "可以导入哪些内容，各有哪些字段", en: "What can be imported, and the fields of each" },
  answer: z.object({
    rows: z.array(
      z.object({
        name: z.string(),
        words,
        permission: z.string(),
        by_source: z.boolean(),
        needs: z.array(z.array(z.string())),
        fields: z.array(z.object({ name: z.string(), words, hint: words.nullable() })),
      }),
    ),
  }),
})
export type KindRow = z.output<typeof listImportKinds.answer>["rows"][number]

/** What the upload door answers: the file is kept, and this is what its head looks like. */
export const uploaded = z.object({
  id: z.string(),
  kind: z.string(),
  file_name: z.string(),
  bytes: z.number().int(),
  headings: z.array(z.string()).nullable(),
  guess: importOptions.shape.mapping,
  /** Whether the guess is how a colleague's or one's own last file of these columns was read. */
  remembered: z.boolean(),
  source: z.string(),
  ...look,
})
/** How the audit calls an upload: its door is no endpoint of this list. */
export const UPLOAD_ACTION = {
  id: "imports.upload",
  words: { zh: "上传要导入的文件", en: "Upload a file to import" },
} as const
/** `POST` of the raw file to this path with `?kind=&name=`; it is no JSON endpoint. */
export const UPLOAD_PATH = "/api/imports/files"
export const templatePath = (kind: string) => `/api/imports/templates/${kind}.xlsx`
export const failedRowsPath = (id: string) => `/api/imports/${id}/failed.csv`

export const importCursor = cursorOf({ at: cursorMoment, id: z.uuid() })

export const listImports = defineEndpoint({
  id: "imports.list",
  method: "GET",
  path: "/api/imports",
  permission: "imports.write",
  summary: { zh: "导入记录，最新的在前", en: "Imports, newest first" },
  query: pageQuery(importCursor).extend({ kind: z.string().max(40).optional() }),
  answer: pageOf(importRow.omit({ failures: true, options: true })),
})

export const importJob = importRow.pick({
  id: true,
  kind: true,
  file_name: true,
  state: true,
  dry_run: true,
  counts: true,
  has_failed_rows: true,
  files_expired_at: true,
  expected_rows: true,
  ended_at: true,
})
export type ImportJob = z.infer<typeof importJob>

export const listImportJobs = defineEndpoint({
  id: "imports.jobs",
  method: "GET",
  path: "/api/imports/jobs",
  permission: "imports.write",
  summary: { zh: "进行中和最近结束的导入", en: "Imports under way and those that ended lately" },
  answer: z.object({ rows: z.array(importJob) }),
})

export const readImport = defineEndpoint({
  id: "imports.read",
  method: "GET",
  path: "/api/imports/:id",
  permission: "imports.write",
  summary: { zh: "一次导入的进度与结果", en: "Progress and result of one import" },
  params,
  answer: importRow,
})

export const lookAtImport = defineEndpoint({
  id: "imports.look",
  method: "POST",
  path: "/api/imports/:id/look",
  permission: "imports.write",
  summary: {
    zh: "换一种编码或工作表来看上传的文件（不改变任何数据）",
    en: "Look at an uploaded file by another encoding or sheet; changes nothing",
  },
  params,
  body: importOptions.pick({ encoding: true, sheet: true }),
  answer: uploaded,
  refusals: IMPORT_REFUSALS,
})

export const runImport = defineEndpoint({
  id: "imports.run",
  method: "POST",
  path: "/api/imports/:id/run",
  permission: "imports.write",
  summary: { zh: "预检或开始导入", en: "Try the import out, or start it" },
  params,
  body: z.object({ options: importOptions, dry_run: z.boolean() }),
  answer: importRow,
  refusals: {
    file_expired: FILE_EXPIRED,
    import_busy: {
      status: 409,
      zh: "这次导入正在进行或已暂停；要重新开始，请先停止它。",
      en: "This import is under way or paused; stop it to begin again.",
    },
    column_needed: {
      status: 400,
      zh: "必填的项还没有指定对应的列。",
      en: "Name the columns of the fields that are needed.",
    },
  },
})

const step = {
  method: "POST",
  permission: "imports.write",
  params,
  answer: importRow,
  refusals: {
    file_expired: FILE_EXPIRED,
    not_now: {
      status: 409,
      zh: "这次导入现在的状态不能这样做，可能同事刚刚操作过；请看最新状态。",
      en: "Not possible in the import's present state; a colleague may just have changed it. Look how it stands.",
    },
  },
} as const
export const pauseImport = defineEndpoint({
  ...step,
  id: "imports.pause",
  path: "/api/imports/:id/pause",
  summary: { zh: "暂停导入（已导入的保留）", en: "Pause an import between two batches; what is in stays in" },
})
export const resumeImport = defineEndpoint({
  ...step,
  id: "imports.resume",
  path: "/api/imports/:id/resume",
  summary: { zh: "继续导入", en: "Go on with a paused import from where it stood" },
})
export const cancelImport = defineEndpoint({
  ...step,
  id: "imports.cancel",
  path: "/api/imports/:id/cancel",
  summary: { zh: "停止导入（已导入的保留）", en: "Stop an import; what is in stays in" },
})
