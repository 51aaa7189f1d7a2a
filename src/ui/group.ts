/** Rows by what `key` makes of them, in the order they came; `Map.groupBy` is not there in every runtime we serve. */
export function groupBy<K, Row>(rows: Iterable<Row>, key: (row: Row) => K): Map<K, Row[]> {
  const groups = new Map<K, Row[]>()
  for (const row of rows) {
    const at = key(row)
    const group = groups.get(at)
    if (group) group.push(row)
    else groups.set(at, [row])
  }
  return groups
}
