import type { RefusalTable } from "../../kernel/contract.ts"

/** Why a file is not read as a table at all. */
export const TABLE_REFUSALS: RefusalTable = {
  file_not_found: { status: 404, zh: "没有找到这个文件。", en: "There is no such file." },
  empty_file: { status: 422, zh: "文件是空的。", en: "The file is empty." },
  file_too_large: { status: 413, zh: "文件过大，请拆成几份。", en: "The file is too large; split it." },
  damaged_file: {
    status: 422,
    zh: "文件已损坏或被截断，请重新导出。",
    en: "The file is damaged or cut off; export it again.",
  },
  encrypted_file: {
    status: 422,
    zh: "文件有密码，请去掉密码后再导入。",
    en: "The file is protected by a password; remove it first.",
  },
  unpacks_too_large: {
    status: 413,
    zh: "文件解压后过大，为安全起见不予读取。",
    en: "The file unpacks to far more than a table needs; it is not read.",
  },
  old_excel_format: {
    status: 422,
    zh: "这是旧的 XLS 格式，请另存为 XLSX 或 CSV。",
    en: "This is the old .xls format; save it as .xlsx or CSV.",
  },
  not_a_table: { status: 422, zh: "这不是表格文件。", en: "This is not a table." },
  unknown_encoding: {
    status: 422,
    zh: "文字编码无法识别，请存为 UTF-8。",
    en: "The text's encoding is not known; save it as UTF-8.",
  },
  missing_sheet: { status: 422, zh: "没有这个工作表。", en: "The workbook has no such sheet." },
}
