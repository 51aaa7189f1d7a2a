import { usersOfTag } from "../../../../modules/tags/taxonomy/contract.ts"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"

/** What uses a tag that somebody is about to retire. */
export function UsersOfTag(props: { id: string | undefined }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const query = useRead(usersOfTag, { params: { id: props.id ?? "" } }, { enabled: props.id !== undefined })
  if (!props.id) return null
  return (
    <Ready query={query} rows={1}>
      {({ rows }) =>
        rows.length === 0 ? (
          <p className="secondary small">{t("taxonomy.unused")}</p>
        ) : (
          <div className="small">
            <p>{t("taxonomy.used_by")}</p>
            <ul className="stack-s">
              {rows.map((one) => (
                <li key={`${one.kind}:${one.id}`}>
                  {word("tag_user", one.kind)} · {one.name}
                </li>
              ))}
            </ul>
          </div>
        )
      }
    </Ready>
  )
}
