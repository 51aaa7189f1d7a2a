import ExcelJS from "exceljs"
import type { ImportField, ImportKind } from "./kinds.ts"

const COLUMN_WIDTH = 18
/** Rows of a template that are set up as text and offer their choices. */
const TEMPLATE_ROWS = 1_000
const TEXT = "@"

/**
 * A workbook to fill in: the customary headings with a sample row, every column as text so that phones and numbers keep their
 * digits, choices as drop-downs, and a sheet that says what goes where.
 */
export async function templateOf(kind: ImportKind): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet(kind.words.zh, { views: [{ state: "frozen", ySplit: 1 }] })
  sheet.columns = kind.fields.map(({ words }) => ({
    header: words.zh,
    width: COLUMN_WIDTH,
    style: { numFmt: TEXT },
  }))
  sheet.getRow(1).font = { bold: true }
  sheet.addRow(kind.fields.map(({ sample }) => sample ?? ""))
  kind.fields.forEach(({ choices, words }, i) => {
    if (!choices) return
    for (let row = 2; row <= TEMPLATE_ROWS + 1; row++)
      sheet.getCell(row, i + 1).dataValidation = {
        type: "list",
        allowBlank: true,
        formulae: [`"${choices.join(",")}"`],
        showErrorMessage: true,
        error: `${words.zh}：${choices.join("、")}`,
      }
  })
  const about = book.addWorksheet("填写说明")
  about.columns = [
    { header: "列", width: COLUMN_WIDTH },
    { header: "必填", width: COLUMN_WIDTH },
    { header: "怎么填", width: COLUMN_WIDTH * 3 },
    { header: "例子", width: COLUMN_WIDTH },
  ]
  about.getRow(1).font = { bold: true }
  for (const field of kind.fields)
    about.addRow([field.words.zh, neededText(kind, field), howText(field), field.sample ?? ""])
  about.addRow([])
  for (const note of NOTES) about.addRow([note])
  return Buffer.from(await book.xlsx.writeBuffer())
}

const NOTES = [
  "第 2 行是例子，填写前请删除。",
  "列的顺序可以调整，不用的列可以删除，标题请保留。",
  "号码一类的列已设为文本，请不要改成数字，否则超过 15 位的会被 Excel 改掉。",
  "导入前会先试读一遍，有问题的行会连同原因退回，其余的照常导入。",
]

function neededText({ needs, fields }: ImportKind, { name }: ImportField): string {
  const some = needs.find((of) => of.includes(name))
  if (!some) return ""
  if (some.length === 1) return "必填"
  return `${some.map((field) => fields.find((f) => f.name === field)?.words.zh).join("、")}至少填一项`
}

const howText = ({ hint, choices }: ImportField) =>
  [hint?.zh, choices ? `只能填：${choices.join("、")}` : ""].filter(Boolean).join("；")
