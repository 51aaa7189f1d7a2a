import { useTranslation } from "../../../../ui/words/use.ts"
import type { Entry } from "./entries.ts"
import type { Found, Group, Matched } from "./use-results.ts"

/** What was found, in groups with a heading; the field above keeps the focus. */
export function SearchResults(props: {
  id: string
  optionId: (n: number) => string
  groups: readonly Group[]
  active: number
  onPoint: (n: number) => void
  onChoose: (found: Found) => void
}) {
  const { t } = useTranslation()
  const all = props.groups.flatMap((group) => group.rows)
  return (
    <div role="listbox" id={props.id} aria-label={t("search.results")} className="search-results">
      {props.groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a listbox
        <div role="group" key={group.word} aria-labelledby={`${props.id}-${group.word}`}>
          <div className="search-heading" id={`${props.id}-${group.word}`} role="presentation">
            {t(`search.${group.word}`)}
          </div>
          {group.rows.map((found) => {
            const n = all.indexOf(found)
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
              <div
                role="option"
                key={found.key}
                id={props.optionId(n)}
                tabIndex={-1}
                aria-selected={n === props.active}
                className="search-option"
                onPointerMove={() => props.onPoint(n)}
                onClick={() => props.onChoose(found)}
              >
                {found.kind === "customer" ? (
                  <>
                    <span className="name">{found.name}</span>
                    <span className="secondary small">
                      {found.matched ? <MatchedBy of={found.matched} name={found.name} /> : null}
                      {found.more}
                    </span>
                  </>
                ) : (
                  <EntryName entry={found.entry} />
                )}
              </div>
            )
          })}
        </div>
      ))}
    </div>
  )
}

/** What was found of somebody; a remark that stands in front already is only called one. */
function MatchedBy(props: { of: Matched; name: string }) {
  const { t } = useTranslation()
  const { field, text } = props.of
  const shown = field === "remark" && text === props.name
  return (
    <span className="matched">{shown ? t("search.by_what_stands") : t(`search.by_${field}`, { text })}</span>
  )
}

function EntryName(props: { entry: Entry }) {
  const { t } = useTranslation()
  const { entry } = props
  const key = entry.kind === "page" ? `nav.${entry.word}` : `search_actions.${entry.word}`
  return <span>{t(key as "nav.today")}</span>
}
