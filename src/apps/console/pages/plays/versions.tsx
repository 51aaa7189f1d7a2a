import { Button } from "antd"
import { useState } from "react"
import { Badge } from "../../../../ui/badge.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord, useSay } from "../../lib/words.ts"
import { PublishPlay } from "./publish.tsx"
import type { Play, Version } from "./said.ts"

/** Every version with what it changed; a draft can be published from here. */
export function Versions(props: { play: Play; shown: number; onShow: (version: number) => void }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const [asking, setAsking] = useState<Version | null>(null)
  return (
    <Section title={t("plays.versions")}>
      <ul className="todo">
        {props.play.versions.map((one) => (
          <li key={one.version}>
            <span className="row">
              <span className="num">{t("plays.version_n", { n: one.version })}</span>
              <Badge tone={one.state === "published" ? "good" : "plain"}>
                {t(`play_state.${one.state}`)}
              </Badge>
              {one.inside > 0 ? (
                <span className="secondary small">{t("plays.inside", { n: formatNumber(one.inside) })}</span>
              ) : null}
              <span className="grow" />
              {one.version === props.shown ? (
                <span className="secondary small">{t("plays.version_shown")}</span>
              ) : (
                <Button size="small" type="text" onClick={() => props.onShow(one.version)}>
                  {t("plays.look")}
                </Button>
              )}
              {one.state === "draft" && can("plays.write") ? (
                <Button size="small" onClick={() => setAsking(one)}>
                  {t("plays.publish")}
                </Button>
              ) : null}
            </span>
            <span className="secondary small row">
              <Time at={one.published_at ?? one.saved_at} />
              {one.author_name ? <span>{t("plays.by", { name: one.author_name })}</span> : null}
            </span>
            <Changes version={one} />
          </li>
        ))}
      </ul>
      <PublishPlay play={props.play} version={asking} onClose={() => setAsking(null)} />
    </Section>
  )
}

function Changes(props: { version: Version }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const say = useSay()
  const { changes } = props.version
  if (changes === null) return <span className="secondary small">{t("plays.first_version")}</span>
  if (changes.length === 0) return <span className="secondary small">{t("plays.unchanged")}</span>
  return (
    <details>
      <summary className="small">{t("plays.changed", { n: changes.length })}</summary>
      <ul className="stack-s small">
        {changes.map(({ part, before, after }) => (
          <li key={`${part}:${before?.en}:${after?.en}`}>
            <strong>{word("play_part", part)}</strong>
            {before && after ? (
              <>
                <div className="secondary">{t("plays.was", { text: say(before) })}</div>
                <div>{t("plays.is", { text: say(after) })}</div>
              </>
            ) : before || after ? (
              <div>
                {after ? t("plays.added", { text: say(after) }) : t("plays.removed", { text: say(before) })}
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </details>
  )
}
