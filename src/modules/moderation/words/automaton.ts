/** Finds all words of a list in one pass over a text, however many there are: Aho and Corasick's machine in flat arrays. */
export type Automaton = {
  /** Tells each place at which a word ends: the word's place in the list, and the unit after its last. Longer words of one end come first. */
  scan(text: string, hit: (word: number, end: number) => void): void
  /** Bytes of its arrays. */
  readonly bytes: number
}

const ROOT = 0
const NONE = -1

/** Pure. Words are taken as they stand; an empty one is a bug, of two that are alike the first is told. */
export function createAutomaton(words: readonly string[]): Automaton {
  const codes = new Uint16Array(65_536)
  const alphabet = number(words, codes)
  const trie = trieOf(words, codes)
  return machine(placed(trie, alphabet), codes)
}

/** Numbers the units that words are made of from 1 on, the frequent ones first: rows of the table lie closer together then. */
function number(words: readonly string[], codes: Uint16Array): number {
  const seen = new Uint32Array(65_536)
  for (const word of words) for (let i = 0; i < word.length; i++) seen[word.charCodeAt(i)]!++
  const units = Array.from(seen.keys())
    .filter((unit) => seen[unit]! > 0)
    .sort((a, b) => seen[b]! - seen[a]! || a - b)
  units.forEach((unit, i) => {
    codes[unit] = i + 1
  })
  return units.length + 1
}

type Trie = { nodes: number; code: Uint16Array; first: Int32Array; next: Int32Array; word: Int32Array }

/** The words as a tree: each node's children are a list, newest first. Sorted words make each child the newest when it is met again. */
function trieOf(words: readonly string[], codes: Uint16Array): Trie {
  let most = 1
  for (const word of words) {
    if (word.length === 0) throw new Error("an empty word is found everywhere")
    most += word.length
  }
  const order = Array.from(words.keys()).sort((a, b) =>
    words[a]! < words[b]! ? -1 : words[a]! > words[b]! ? 1 : a - b,
  )
  const trie = {
    ...{ nodes: 1, code: new Uint16Array(most), first: new Int32Array(most).fill(NONE) },
    ...{ next: new Int32Array(most).fill(NONE), word: new Int32Array(most).fill(NONE) },
  }
  for (const index of order) {
    const word = words[index]!
    let node = ROOT
    for (let i = 0; i < word.length; i++) {
      const code = codes[word.charCodeAt(i)]!
      const newest = trie.first[node]!
      if (newest !== NONE && trie.code[newest] === code) {
        node = newest
        continue
      }
      const made = trie.nodes++
      trie.code[made] = code
      trie.next[made] = newest
      trie.first[node] = made
      node = made
    }
    if (trie.word[node] === NONE) trie.word[node] = index
  }
  return trie
}

type Placed = { base: Int32Array; check: Int32Array; fail: Int32Array; word: Int32Array; longer: Int32Array }

/**
 * Lays the tree out so that a child stands at its parent's base plus its code: one look tells whether there is such a child. Breadth
 * first, so that what a node falls back to is placed before the node.
 */
function placed(trie: Trie, alphabet: number): Placed {
  const table = new Table(trie.nodes * 2 + alphabet * 2)
  const slot = new Int32Array(trie.nodes)
  const parent = new Int32Array(trie.nodes).fill(NONE)
  const queue = new Int32Array(trie.nodes)
  let filled = 1
  for (let at = 0; at < filled; at++) {
    const node = queue[at]!
    const children: number[] = []
    for (let child = trie.first[node]!; child !== NONE; child = trie.next[child]!) {
      children.push(child)
      parent[child] = node
      queue[filled++] = child
    }
    if (children.length === 0) continue
    const codes = children.map((child) => trie.code[child]!).sort((a, b) => a - b)
    const base = table.place(slot[node]!, codes)
    for (const child of children) slot[child] = base + trie.code[child]!
  }
  const size = table.size(alphabet)
  const { base, check } = table.cut(size)
  const fail = new Int32Array(size)
  const word = new Int32Array(size).fill(NONE)
  const longer = new Int32Array(size).fill(NONE)
  for (let at = 1; at < filled; at++) {
    const node = queue[at]!
    const here = slot[node]!
    const code = trie.code[node]!
    const above = slot[parent[node]!]!
    word[here] = trie.word[node]!
    if (above === ROOT) continue
    let back = fail[above]!
    while (back !== ROOT && check[base[back]! + code] !== back) back = fail[back]!
    const next = base[back]! + code
    fail[here] = check[next] === back ? next : ROOT
    const shorter = fail[here]!
    longer[here] = word[shorter] !== NONE ? shorter : longer[shorter]!
  }
  return { base, check, fail, word, longer }
}

/** Rows of the tree laid over each other in one array, each in the first gap that takes it. */
class Table {
  private base: Int32Array
  private check: Int32Array
  private used = 1
  /** Places before this one are not looked at any more. */
  private open = 1
  constructor(size: number) {
    this.base = new Int32Array(size)
    this.check = new Int32Array(size).fill(NONE)
    this.check[ROOT] = ROOT
  }

  place(parent: number, codes: readonly number[]): number {
    const first = codes[0]!
    const span = codes.at(-1)! - first
    let taken = 0
    const from = Math.max(this.open, first)
    for (let at = from; ; at++) {
      this.room(at + span + 1)
      if (this.check[at] !== NONE) {
        taken++
        continue
      }
      const base = at - first
      if (!codes.every((code) => this.check[base + code] === NONE)) continue
      // A stretch that is nearly full is not gone over again for every row: the few gaps in it stay.
      if (taken > FULL * (at - from + 1)) this.open = at
      this.base[parent] = base
      for (const code of codes) this.check[base + code] = parent
      this.used = Math.max(this.used, at + span + 1)
      return base
    }
  }

  private room(size: number): void {
    if (size <= this.check.length) return
    const more = Math.max(size, Math.ceil(this.check.length * 1.5))
    const grown = (old: Int32Array, fill: number) => {
      const bigger = new Int32Array(more).fill(fill, old.length)
      bigger.set(old)
      return bigger
    }
    this.base = grown(this.base, 0)
    this.check = grown(this.check, NONE)
  }

  /** So long that a base plus any code lies in it. */
  size(alphabet: number): number {
    let highest = 0
    for (let i = 0; i < this.used; i++) highest = Math.max(highest, this.base[i]!)
    return Math.max(this.used, highest + alphabet + 1)
  }

  cut(size: number): { base: Int32Array; check: Int32Array } {
    this.room(size)
    return { base: this.base.slice(0, size), check: this.check.slice(0, size) }
  }
}
/** Share of taken places from which on a stretch counts as full. */
const FULL = 0.9

function machine(placed: Placed, codes: Uint16Array): Automaton {
  const { base, check, fail, word, longer } = placed
  return {
    bytes: codes.byteLength + 5 * base.byteLength,
    scan(text, hit) {
      let state = ROOT
      for (let i = 0; i < text.length; i++) {
        const code = codes[text.charCodeAt(i)]!
        if (code === 0) {
          state = ROOT
          continue
        }
        let next = base[state]! + code
        while (check[next] !== state) {
          if (state === ROOT) {
            next = ROOT
            break
          }
          state = fail[state]!
          next = base[state]! + code
        }
        state = next
        for (let at = word[state] === NONE ? longer[state]! : state; at !== NONE; at = longer[at]!)
          hit(word[at]!, i + 1)
      }
    },
  }
}
