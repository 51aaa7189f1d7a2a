import { Button } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { decideChange, type listProposals } from "../../../../modules/tags/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import type { Taxonomy } from "./board.tsx"
import { Discussion } from "./discussion.tsx"

export type Proposal = CallAnswer<typeof listProposals>["rows"][number]

export function Waiting(props: { rows: Proposal[]; taxonomy: Taxonomy }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const decide = useChange(decideChange, ["tags"])
  const [open, setOpen] = useState<Proposal | null>(null)
  if (props.rows.length === 0) return null
  const answer = (id: string, accept: boolean) =>
    decide.mutate(
      { params: { id }, body: { accept } },
      { onSuccess: () => toast(t("tags.decided")), onError: (error) => toast(problemText(error), "bad") },
    )
  return (
    <Section title={t("tags.proposals")}>
      <ul className="stack-s">
        {props.rows.map((one) => (
          <li key={one.id} className="row">
            <Badge tone="warn">{t("tags.waiting")}</Badge>
            <strong>{t(`tags.kind_${one.change.kind}`)}</strong>
            <span className="name">{describe(one.change, props.taxonomy)}</span>
            {one.reason ? <span className="secondary">{one.reason}</span> : null}
            <span className="secondary small">
              {one.proposed_by_name ? t("tags.by", { name: one.proposed_by_name }) : null}{" "}
              <Time at={one.proposed_at} />
            </span>
            <span className="grow" />
            <Button size="small" type="link" onClick={() => setOpen(one)}>
              {one.comments > 0
                ? t("taxonomy.discussion_n", { n: formatNumber(one.comments) })
                : t("taxonomy.discuss")}
            </Button>
            {can("tags.approve") ? (
              <>
                <Button
                  size="small"
                  type="primary"
                  disabled={decide.isPending}
                  onClick={() => answer(one.id, true)}
                >
                  {t("tags.accept")}
                </Button>
                <Button size="small" disabled={decide.isPending} onClick={() => answer(one.id, false)}>
                  {t("tags.reject")}
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      <Discussion
        proposal={open}
        title={open ? describe(open.change, props.taxonomy) : ""}
        onClose={() => setOpen(null)}
      />
    </Section>
  )
}

export function describe(change: Proposal["change"], taxonomy: Taxonomy): string {
  const tags = taxonomy.groups.flatMap((g) => g.tags)
  const nameOf = (id: string) => tags.find((tag) => tag.id === id)?.name ?? id
  if (change.kind === "add_group") return change.name
  if (change.kind === "add_tag")
    return `${taxonomy.groups.find((g) => g.id === change.group_id)?.name ?? ""} · ${change.name}`
  if (change.kind === "rename_tag") return `${nameOf(change.tag_id)} → ${change.name}`
  if (change.kind === "change_group")
    return taxonomy.groups.find((g) => g.id === change.group_id)?.name ?? change.name
  if (change.kind === "retire_tag" && change.replaced_by)
    return `${nameOf(change.tag_id)} → ${nameOf(change.replaced_by)}`
  return nameOf(change.tag_id)
}
