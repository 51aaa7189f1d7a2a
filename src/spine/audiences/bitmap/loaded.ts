import type { TraitKind } from "../../offers/index.ts"
import { columnOf, SCOPE } from "../../traits/index.ts"
import { NumberColumn } from "./number-column.ts"
import { WordsColumn } from "./words-column.ts"

/** One trait in memory. Texts and owners are told apart by codes of our own, words of sets by their numbers in the database. */
export class LoadedColumn {
  readonly column: NumberColumn | WordsColumn
  readonly codes = new Map<string, number>()
  used_at = 0

  constructor(
    readonly trait: string,
    readonly kind: TraitKind,
    numbers: number,
  ) {
    this.column = kind === "number" || kind === "day" ? new NumberColumn(numbers) : new WordsColumn(numbers)
  }

  /** The SQL expression whose text `put` reads. */
  get sql(): string {
    return this.trait === SCOPE ? "scope_id" : columnOf(this.trait)
  }

  /** Takes a value as COPY or a text cast gives it; null is unknown. */
  put(n: number, text: string | null): void {
    if (this.column instanceof NumberColumn) this.column.set(n, text === null ? null : Number(text))
    else this.column.set(n, text === null ? NONE : this.codesIn(text))
  }

  private codesIn(text: string): readonly number[] {
    if (this.kind !== "tags") return [this.codeOf(text)]
    return text.length <= 2 ? NONE : text.slice(1, -1).split(",").map(Number)
  }

  /** The code of a text; a new one where it was not met. */
  codeOf(text: string): number {
    let code = this.codes.get(text)
    if (code === undefined) {
      code = this.codes.size
      this.codes.set(text, code)
    }
    return code
  }
}

const NONE: readonly number[] = []
