import type { ReactNode } from "react"

/** The head that every page has: its name, one sentence of what it is for, its one main action. */
export function Page(props: {
  title: string
  purpose?: ReactNode
  actions?: ReactNode
  back?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-words">
          {props.back}
          <h1>{props.title}</h1>
          {props.purpose ? <p className="secondary">{props.purpose}</p> : null}
        </div>
        {props.actions ? <div className="page-actions">{props.actions}</div> : null}
      </header>
      {props.children}
    </div>
  )
}

/** A card of a page: a headed region, never inside another one. */
export function Section(props: {
  title?: ReactNode
  extra?: ReactNode
  label?: string
  className?: string
  children: ReactNode
}) {
  return (
    <section
      className={`card ${props.className ?? ""}`}
      aria-label={props.label ?? (typeof props.title === "string" ? props.title : undefined)}
    >
      {props.title ? (
        <header className="card-head">
          <h2>{props.title}</h2>
          {props.extra ? <div>{props.extra}</div> : null}
        </header>
      ) : null}
      {props.children}
    </section>
  )
}

/** Names and values of one thing, as a description list. */
export function Facts(props: { items: [label: ReactNode, value: ReactNode][]; columns?: 1 | 2 }) {
  return (
    <dl className={`facts facts-${props.columns ?? 1}`}>
      {props.items.map(([label, value], n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed by its page and never reordered
        <div key={n}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A summary card on the left, what belongs to it on the right. */
export function DetailLayout(props: { side: ReactNode; sideLabel: string; children: ReactNode }) {
  return (
    <div className="detail">
      <aside className="card detail-side" aria-label={props.sideLabel}>
        {props.side}
      </aside>
      <div className="detail-main">{props.children}</div>
    </div>
  )
}
