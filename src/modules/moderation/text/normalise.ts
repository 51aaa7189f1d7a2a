import { type Folded, type Folding, fold } from "./letters.ts"

export type Switches = Folding & {
  /** Marks, spaces and emoji between letters count as nothing. */
  marks: boolean
  /** A letter three times or more in a row counts once; digits stay. */
  repeats: boolean
}

export const ALL_ON: Switches = {
  ...{ width: true, case: true, traditional: true, zero_width: true },
  ...{ marks: true, repeats: true },
}

/** The letters of a text as they count, and where each of them stood in it. */
export type Reading = {
  /** One unit each; `\n` where a sentence ends, a space where a mark stood that counts. */
  text: string
  /** From which unit of the text each came, and the unit after its last. */
  from: number[]
  to: number[]
}

/** Pure: a text as whoever looks for words in it should read it. A few characters stand for whole words: it may be longer than the text. */
export type Normaliser = (text: string) => Reading

export function createNormaliser(switches: Switches = ALL_ON): Normaliser {
  const known = new Map<string, Folded>()
  const folded = (character: string) => {
    let found = known.get(character)
    if (!found) {
      found = fold(character, switches)
      if (known.size < REMEMBERED) known.set(character, found)
    }
    return found
  }
  return (text) => {
    const out = new Writer(switches.repeats)
    let at = 0
    for (const character of text) {
      const next = at + character.length
      const one = folded(character)
      if (one.kind === "letters") out.letters(one.text, at, next)
      else if (one.kind === "end") out.gap("\n", at, next)
      else if (one.kind === "mark" && !switches.marks) out.gap(" ", at, next)
      at = next
    }
    return out.done()
  }
}

/** Different characters that one normaliser remembers. */
const REMEMBERED = 100_000
const DIGIT = /[0-9]/

class Writer {
  private units: string[] = []
  private from: number[] = []
  private to: number[] = []
  private same = 0
  constructor(private readonly repeats: boolean) {}

  letters(text: string, from: number, to: number): void {
    for (const unit of text.split("")) {
      const last = this.units.length - 1
      this.same = this.units[last] === unit ? this.same + 1 : 1
      if (this.repeats && this.same >= 3 && !DIGIT.test(unit)) {
        // The third makes one of all three; those after it belong to that one.
        if (this.same === 3) {
          this.units.pop()
          this.from.pop()
          this.to.pop()
        }
        this.to[this.to.length - 1] = to
        continue
      }
      this.units.push(unit)
      this.from.push(from)
      this.to.push(to)
    }
  }

  gap(unit: string, from: number, to: number): void {
    this.same = 0
    if (this.units.at(-1) === unit || this.units.length === 0) return
    this.units.push(unit)
    this.from.push(from)
    this.to.push(to)
  }

  done(): Reading {
    return { text: this.units.join(""), from: this.from, to: this.to }
  }
}
