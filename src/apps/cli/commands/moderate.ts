import { isRefused } from "../../../kernel/result.ts"
import {
  BUILT_IN_WORDS,
  createJudge,
  type Judgement,
  shippedModel,
} from "../../../modules/moderation/index.ts"
import { TABLE_REFUSALS } from "../../../platform/tables/refusals.ts"
import { openTable } from "../../../platform/tables/table.ts"
import type { Command } from "../command.ts"

type Judged = { id: string; verdict: Judgement["verdict"]; rules: string[]; hits: Judgement["hits"] }

/** Rows of one file: its answer is one document, held whole. */
const ROWS_MAX = 1_000_000

export const moderateCommand: Command = {
  name: "moderate",
  usage: "moderate FILE.csv [--json]   (columns id,text)",
  summary:
    "判断一批消息：放行、待看、广告、辱骂；不需要数据库 / judge messages of a file: pass, review, ad or abuse; no database needed",
  positionals: { min: 1, max: 1 },
  async run(env, _values, [file]) {
    const table = await openTable(file!, { header: true })
    if (isRefused(table)) return env.refuse(table, said(table.refused))
    const columns = ["id", "text"].map(
      (name) => table.headings?.findIndex((h) => h.trim().toLowerCase() === name) ?? -1,
    )
    const missing = ["id", "text"].filter((_, i) => columns[i] === -1)
    if (missing.length > 0)
      return env.refuse(
        { refused: "column_missing", field: missing[0]!, detail: { columns: missing } },
        `缺少列 ${missing.join("、")}，表头要有 id 和 text / the heading needs the columns id and text`,
      )
    const judge = createJudge({ model: await shippedModel(), lists: BUILT_IN_WORDS })
    const judged: Judged[] = []
    for await (const rows of table.rows())
      for (const { cells, line, broken } of rows) {
        if (env.signal.aborted) return env.refuse({ refused: "interrupted" }, "已中断 / interrupted")
        if (broken)
          return env.refuse(
            { refused: broken, detail: { line } },
            `第 ${line} 行读不了 / line ${line} cannot be read: ${broken}`,
          )
        if (judged.length === ROWS_MAX)
          return env.refuse(
            { refused: "too_many_rows", detail: { max: ROWS_MAX } },
            `一次最多 ${ROWS_MAX} 行，请分成几个文件 / at most ${ROWS_MAX} rows a file; cut it up`,
          )
        const { verdict, hits } = judge(cells[columns[1]!] ?? "")
        judged.push({
          id: cells[columns[0]!] ?? "",
          verdict,
          rules: [...new Set(hits.map((h) => h.rule))],
          hits,
        })
      }
    env.answer(judged, judged.map((j) => [j.id, j.verdict, j.rules.join(" ")].join("\t")).join("\n"))
    return 0
  },
}

function said(code: string): string {
  const words = TABLE_REFUSALS[code]
  return words ? `${words.zh} / ${words.en}` : code
}
