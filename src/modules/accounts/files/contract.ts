import { z } from "zod"
import { COMMON_REFUSALS, calendarDay, type RefusalTable } from "../../../kernel/contract.ts"
import { FILE_KINDS } from "./rules.ts"

export { FILE_KINDS } from "./rules.ts"

/** How the audit calls a file that came in, and one that was looked at; neither is an endpoint of the JSON API. */
export const FILE_ACTIONS = {
  keep: { id: "accounts.file", words: { zh: "上传账号文件", en: "Upload a file of an account" } },
  read: { id: "accounts.read_file", words: { zh: "查看账号文件", en: "Look at a file of an account" } },
} as const

export const filesPath = (account_id: string) => `/api/accounts/${account_id}/files`
export const filePath = (account_id: string, id: string) => `${filesPath(account_id)}/${id}`

/** What stands in the address beside a file. */
export const fileQuery = z
  .object({
    kind: z.enum(FILE_KINDS),
    name: z.string().min(1).max(200),
    signed_on: calendarDay.optional(),
  })
  .refine((q) => q.kind !== "agreement" || q.signed_on !== undefined, {
    path: ["signed_on"],
    message: "an agreement has the day on which it was signed",
  })

export const fileRow = z.object({
  id: z.string(),
  kind: z.enum(FILE_KINDS),
  file_name: z.string(),
  type: z.string(),
  bytes: z.number().int(),
  signed_on: z.string().nullable(),
  uploaded_by_name: z.string().nullable(),
  uploaded_at: z.date(),
})

export const FILE_REFUSALS: RefusalTable = {
  ...COMMON_REFUSALS,
  file_type_unknown: {
    status: 400,
    zh: "只收 PDF、PNG 或 JPG 文件，改了扩展名的不算。",
    en: "Only PDF, PNG and JPG files are kept, whatever the name says.",
  },
  file_too_large: { status: 413, zh: "文件太大，最多 10 MB。", en: "The file is too large; at most 10 MB." },
  file_broken: {
    status: 400,
    zh: "文件没有传完，请再试一次。",
    en: "The file did not arrive whole; try again.",
  },
  too_many_files: {
    status: 409,
    zh: "这个账号的文件太多了，最多 50 份。",
    en: "The account has too many files; at most 50.",
  },
  signed_later: {
    status: 400,
    zh: "签署日期不能晚于今天。",
    en: "The day of signing cannot be after today.",
  },
}
