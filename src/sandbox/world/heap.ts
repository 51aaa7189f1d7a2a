/** A binary heap of [time, key]: earliest first, equal times by lower key, so that the order is one and the same. */
export class Heap {
  private readonly items: [number, number][] = []

  get size(): number {
    return this.items.length
  }

  peek(): [number, number] | undefined {
    return this.items[0]
  }

  push(at: number, key: number): void {
    const items = this.items
    items.push([at, key])
    let i = items.length - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!before(items[i]!, items[parent]!)) break
      ;[items[i], items[parent]] = [items[parent]!, items[i]!]
      i = parent
    }
  }

  pop(): [number, number] | undefined {
    const items = this.items
    const top = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return top
    items[0] = last
    let i = 0
    for (;;) {
      const left = 2 * i + 1
      if (left >= items.length) return top
      const child = left + 1 < items.length && before(items[left + 1]!, items[left]!) ? left + 1 : left
      if (!before(items[child]!, items[i]!)) return top
      ;[items[i], items[child]] = [items[child]!, items[i]!]
      i = child
    }
  }
}

const before = (a: [number, number], b: [number, number]): boolean =>
  a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
