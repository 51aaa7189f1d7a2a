import { basename } from "node:path"
import { isRefused } from "../../../kernel/result.ts"
import { IDENTITY_KINDS } from "../../../modules/customers/index.ts"
import {
  type FailedRow,
  failuresFile,
  IMPORT_REFUSALS,
  type ImportResult,
  importFile,
  parseMapping,
} from "../../../modules/imports/index.ts"
import { ordersKind } from "../../../modules/orders/index.ts"
import { type Delimiter, ENCODINGS } from "../../../platform/tables/text-file.ts"
import { type Command, type ExitCode, neededText, oneOf, text, WrongCall } from "../command.ts"

const DELIMITERS: Record<string, Delimiter> = {
  whitespace: "whitespace",
  comma: ",",
  ",": ",",
  tab: "\t",
  "\t": "\t",
  "\\t": "\t",
  semicolon: ";",
  ";": ";",
  pipe: "|",
  "|": "|",
}
const ERRORS_SAID = 20

export const importOrdersCommand: Command = {
  name: "import orders",
  usage:
    "import orders FILE --map customer=列,at=列,amount=列[,product=列][,order=列] [--no-header] [--delimiter ,|tab|;|whitespace]\n" +
    "       [--encoding utf-8|gb18030|utf-16le|utf-16be] [--sheet 名称] [--source 名称] [--customer-is import|phone|shop_buyer_id]\n" +
    "       [--dry-run] [--errors OUT.csv] [--json]",
  summary: "导入订单表 (CSV, TSV, XLSX) / import a table of orders",
  options: {
    map: { type: "string" },
    "no-header": { type: "boolean" },
    delimiter: { type: "string" },
    encoding: { type: "string" },
    sheet: { type: "string" },
    source: { type: "string" },
    "customer-is": { type: "string" },
    errors: { type: "string" },
    "dry-run": { type: "boolean" },
  },
  positionals: { min: 1, max: 1 },
  async run(env, values, [file]) {
    const mapping = parseMapping(ordersKind(), neededText(values, "map"))
    if (isRefused(mapping)) throw new WrongCall(`--map cannot be read: ${JSON.stringify(mapping.detail)}`)
    const given = text(values, "delimiter")
    const delimiter = given === undefined ? undefined : DELIMITERS[given]
    if (given !== undefined && !delimiter)
      throw new WrongCall(`--delimiter ${JSON.stringify(given)} is not known`)
    const encoding = text(values, "encoding") && oneOf(values, "encoding", ENCODINGS, "utf-8")
    const source = text(values, "source") ?? basename(file!)
    if (source.trim() === "") throw new WrongCall("--source is empty")
    const customer_is = oneOf(values, "customer-is", IDENTITY_KINDS, "import")
    const errorsPath = text(values, "errors")
    const errors = errorsPath ? await failuresFile(errorsPath) : undefined
    const shown: { line: number; code: string; message: string }[] = []
    let said = 0
    return env.withDatabase<ExitCode>(async (db, clock) => {
      const result = await importFile(db, ordersKind(customer_is), file!, {
        mapping,
        header: !values["no-header"],
        delimiter,
        encoding: encoding || undefined,
        sheet: text(values, "sheet"),
        source,
        dry_run: values["dry-run"] === true,
        now: clock.now(),
        signal: env.signal,
        onProgress: (counts) => {
          if (!env.json && process.stderr.isTTY) env.say(`${counts.read} …`)
        },
        async onFailure(failure: FailedRow) {
          const message = failure.reason
          if (said++ < ERRORS_SAID) {
            env.say(`第 ${failure.line} 行：${message}`)
            shown.push({ line: failure.line, code: failure.code, message })
          }
          await errors?.write(failure)
        },
      })
      if (isRefused(result)) {
        await errors?.discard()
        const words = IMPORT_REFUSALS[result.refused]
        const detail = result.detail ? ` ${JSON.stringify(result.detail)}` : ""
        return env.refuse(result, `${words?.zh ?? result.refused} (${words?.en ?? result.refused})${detail}`)
      }
      await errors?.close(result.headings)
      const { read, imported, skipped, failed } = result
      env.answer({ read, imported, skipped, failed, ...more(result, shown) }, words(result))
      return result.cancelled ? 1 : 0
    })
  },
}

function more(result: ImportResult, failures: object[]) {
  return {
    source: result.source,
    ...(result.cancelled ? { cancelled: true } : {}),
    ...(failures.length > 0 ? { failures } : {}),
  }
}

function words(r: ImportResult): string {
  const counts = `读取 ${r.read} 行：导入 ${r.imported}，已有 ${r.skipped}，失败 ${r.failed}`
  const english = `read ${r.read}, imported ${r.imported}, skipped ${r.skipped}, failed ${r.failed}`
  return r.cancelled ? `已中断，已提交的部分保留。${counts} (stopped; ${english})` : `${counts} (${english})`
}
