import { Button } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listProposals, listTags } from "../../../../modules/tags/contract.ts"
import { readQuality } from "../../../../modules/tags/quality/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { Why } from "../../../../ui/why.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { Waiting } from "./proposals.tsx"
import { Propose } from "./propose.tsx"
import { TagWays } from "./ways.tsx"

export type Taxonomy = CallAnswer<typeof listTags>

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const taxonomy = useRead(listTags, {})
  const proposals = useRead(listProposals, {})
  const quality = useRead(readQuality, {})
  const [proposing, setProposing] = useState(false)
  const button = can("tags.write") ? (
    <Button type="primary" onClick={() => setProposing(true)}>
      {t("tags.propose")}
    </Button>
  ) : null
  return (
    <Sheet title={t("tags.title")} purpose={t("tags.purpose")} actions={button}>
      <Ready query={taxonomy}>
        {(known) => (
          <div className="stack">
            <TagWays />
            <Ready query={proposals} rows={2}>
              {(all) => <Waiting rows={all.rows.filter((p) => p.decided_at === null)} taxonomy={known} />}
            </Ready>
            {known.groups.length === 0 ? (
              <div className="card">
                <Empty title={t("tags.empty")} action={button}>
                  {t("tags.empty_text")}
                </Empty>
              </div>
            ) : (
              <div className="grid-2">
                {known.groups.map((group) => (
                  <Group key={group.id} group={group} wearers={quality.data?.body?.wearers} />
                ))}
              </div>
            )}
            <Propose open={proposing} onClose={() => setProposing(false)} taxonomy={known} />
          </div>
        )}
      </Ready>
    </Sheet>
  )
}

function Group(props: {
  group: Taxonomy["groups"][number]
  /** Of each tag, as they were last counted. */
  wearers: Record<string, number> | undefined
}) {
  const { t } = useTranslation()
  const join = useJoin()
  const word = useCodeWord()
  const { group } = props
  return (
    <Section
      title={group.name}
      extra={
        <span className="row">
          <Badge>{t(`dimension.${group.dimension}`)}</Badge>
          {group.required ? <Badge tone="warn">{t("taxonomy.required")}</Badge> : null}
          {group.exclusive ? <Badge>{t("tags.exclusive")}</Badge> : null}
          {group.in_channel ? <Badge tone="info">{t("tags.in_channel")}</Badge> : null}
        </span>
      }
    >
      {group.roles ? (
        <p className="secondary small">
          {t("taxonomy.only_roles", { roles: join(group.roles.map((role) => word("role", role))) })}
        </p>
      ) : null}
      {group.tags.length === 0 ? <p className="secondary">{t("taxonomy.no_tags")}</p> : null}
      <ul className="row">
        {group.tags.map((tag) => (
          <li key={tag.id} className="row" style={{ gap: 0 }}>
            <Badge tone={tag.retired_at ? "plain" : "good"}>
              {tag.name}
              {tag.retired_at ? ` (${t("tags.retired")})` : ""}
              {props.wearers?.[tag.id] ? ` ${formatNumber(props.wearers[tag.id]!)}` : ""}
            </Badge>
            {tag.definition ? (
              <Why of={tag.name} label={t("tags.meaning")}>
                <p>{tag.definition}</p>
                {tag.example ? (
                  <p className="secondary">
                    {t("tags.example")}: {tag.example}
                  </p>
                ) : null}
              </Why>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}
