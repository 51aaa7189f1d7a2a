import type { Words } from "../../kernel/contract.ts"

/** Why a row of any file does not go in, in words that the person with the file can act on. */
export const ROW_FAILURES = {
  text_too_long: { zh: "单元格文字过长", en: "the text of a cell is too long" },
  bad_character: { zh: "含有无法保存的字符", en: "a cell holds a character that cannot be kept" },
  too_few_columns: {
    zh: "列数不够，文件可能被截断",
    en: "too few columns; the file may have been cut off here",
  },
  unclosed_quote: {
    zh: "引号没有闭合，从这里到文件末尾无法读取",
    en: "a quote is never closed; from here to the end the file cannot be read",
  },
  line_too_long: { zh: "这一行过长", en: "the row is too long" },
  formula_cell: {
    zh: "单元格是公式，请粘贴为数值后再导入",
    en: "the cell is a formula; paste it as a value first",
  },
  error_cell: { zh: "单元格是错误值", en: "the cell holds an error" },
  number_lost_digits: {
    zh: "数字超过 15 位，Excel 已改变它，请把该列设为文本后重新填写",
    en: "a number of more than 15 digits was changed by Excel; make the column text and enter it again",
  },
} satisfies Record<string, Words>

export type RowFailure = keyof typeof ROW_FAILURES

/** A reason as it stands in the file of failed rows: in Chinese, with what it is about. */
export function reasonText(failures: Record<string, Words>, code: string, detail?: string): string {
  const words = failures[code] ?? (ROW_FAILURES as Record<string, Words>)[code]
  return `${words?.zh ?? code}${detail ? `：${detail}` : ""}`
}
