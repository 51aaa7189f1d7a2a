import type { z } from "zod"
import { isRefused, type Refusal } from "../../kernel/result.ts"
import type { Queryable } from "../../platform/db.ts"
import { openApart, TableLost } from "../../platform/tables/apart.ts"
import type { Table, TableOptions } from "../../platform/tables/table.ts"
import type { uploaded } from "./contract.ts"
import type { ImportKind } from "./kinds.ts"
import { MAPPINGS_REMEMBERED, SAMPLE_CELLS, SAMPLE_ROWS } from "./limits.ts"
import { guessMapping, rememberedMapping } from "./mapping.ts"
import { optionsLately } from "./store.ts"

type Look = Pick<Table, "encoding" | "sheets" | "headings"> & { sample: string[][] }

/** The head of a file: its headings and first rows, as they are read by this encoding or from this sheet. */
export async function lookInto(
  path: string,
  { encoding, sheet }: Partial<Pick<TableOptions, "encoding" | "sheet">>,
): Promise<Look | Refusal> {
  const options = { header: true, ...(encoding ? { encoding } : {}), ...(sheet ? { sheet } : {}) }
  const table = await openApart(path, options)
  if (isRefused(table)) return table
  try {
    const sample: string[][] = []
    for await (const slice of table.rows()) {
      for (const { cells } of slice.slice(0, SAMPLE_ROWS - sample.length))
        sample.push(cells.slice(0, SAMPLE_CELLS).map((cell) => cell.slice(0, SAMPLE_LETTERS)))
      if (sample.length === SAMPLE_ROWS) break
    }
    return { ...table, sample }
  } catch (error) {
    if (error instanceof TableLost) return error.refusal
    throw error
  } finally {
    table.close()
  }
}

const SAMPLE_LETTERS = 60

type File = { id: string; file_name: string; bytes: number }

/** What somebody is shown of a file that they sent: its head, and how its columns are probably meant. */
export async function seen(
  q: Queryable,
  kind: ImportKind,
  { id, file_name, bytes }: File,
  { encoding, sheets, headings, sample }: Look,
  by: string,
): Promise<z.output<typeof uploaded>> {
  const earlier = await optionsLately(q, kind.name, by, MAPPINGS_REMEMBERED)
  const known =
    headings &&
    rememberedMapping(
      kind,
      earlier.map(({ mapping }) => mapping),
      headings,
    )
  const guess = known ?? (headings ? guessMapping(kind, headings) : {})
  return {
    id,
    kind: kind.name,
    file_name,
    bytes,
    headings,
    guess: Object.fromEntries(Object.entries(guess).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))),
    remembered: known !== null,
    source: file_name.replace(/\.[^.]+$/, ""),
    encoding: encoding ?? null,
    sheets: sheets ?? null,
    sample,
  }
}
