import type { Words } from "../../../kernel/contract.ts"

/** Why a row of a file did not go in, in words that the person with the file can act on. */
export const ROW_FAILURES = {
  missing_customer: { zh: "客户为空", en: "the customer is empty" },
  text_too_long: { zh: "单元格文字过长", en: "the text of a cell is too long" },
  bad_character: { zh: "含有无法保存的字符", en: "a cell holds a character that cannot be kept" },
  bad_date: {
    zh: "日期无法识别或不存在，请用 2024-02-28 或 2024/2/28 08:30 这样的写法",
    en: "the date cannot be read or does not exist; write it as 2024-02-28 or 2024/2/28 08:30",
  },
  bad_amount: { zh: "金额不是数字", en: "the amount is not a number" },
  amount_too_large: { zh: "金额过大", en: "the amount is too large" },
  negative_without_order: {
    zh: "金额为负但没有订单号，无法判断是哪一单的退款",
    en: "a negative amount needs an order number to be a refund",
  },
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
  changed_row: {
    zh: "同一来源的这一行已导入过，但内容不同",
    en: "this line of this source came in before with other content",
  },
  changed_order: {
    zh: "这个订单已导入过，但明细不同",
    en: "this order came in before with other lines",
  },
  order_of_another: {
    zh: "这个订单号已属于另一位客户",
    en: "this order number belongs to another customer",
  },
} satisfies Record<string, Words>

export type RowFailure = keyof typeof ROW_FAILURES

/** Both contents where the same row says something else now. */
export type Both = { before: string; now: string }

export function failureText(code: RowFailure, both?: Both): string {
  return both
    ? `${ROW_FAILURES[code].zh}：原为「${both.before}」，现为「${both.now}」`
    : ROW_FAILURES[code].zh
}
