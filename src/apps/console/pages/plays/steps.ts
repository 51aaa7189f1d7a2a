/** What a page reads of a stored definition: its steps in the order in which people come to them. */
export type Step = {
  id: string
  kind: string
  title: string | null
  wait: { days: number; hours: number; at: string | null } | null
}

type Node = {
  kind?: string
  next?: string | null
  yes?: string | null
  no?: string | null
  answered?: string | null
  otherwise?: string | null
  days?: number
  hours?: number
  at?: string | null
  action?: { offer?: string; args?: { title?: string; text?: string } }
}

/** Breadth first from the first step; what no way leads to is left out. Each step stands once, however often it is reached. */
export function stepsOf(definition: unknown): Step[] {
  const { first, nodes } = (definition ?? {}) as { first?: string; nodes?: Record<string, Node> }
  const steps: Step[] = []
  const seen = new Set<string>()
  const queue = first ? [first] : []
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const node = nodes?.[id]
    if (!node || seen.has(id)) continue
    seen.add(id)
    steps.push({
      id,
      kind: node.kind ?? "",
      title: node.action?.args?.title ?? node.action?.args?.text ?? node.action?.offer ?? null,
      wait:
        node.kind === "wait" ? { days: node.days ?? 0, hours: node.hours ?? 0, at: node.at ?? null } : null,
    })
    queue.push(
      ...[node.next, node.yes, node.answered, node.no, node.otherwise].filter((x): x is string => !!x),
    )
  }
  return steps
}
