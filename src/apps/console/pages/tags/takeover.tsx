import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listTags } from "../../../../modules/tags/contract.ts"
import { readTakeover } from "../../../../modules/tags/takeover/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"

type Answer = CallAnswer<typeof readTakeover>
type Group = CallAnswer<typeof listTags>["groups"][number]

/** For whoever takes an account over: whom to look after first, how its customers are tagged, and what the tags mean. */
export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(readTakeover, { params: { id } })
  const taxonomy = useRead(listTags, {})
  return (
    <Ready query={query}>
      {(answer) => (
        <Sheet
          back={
            <Link to="/accounts" search={{}} className="small">
              <LeftOutlined /> {t("takeover.back")}
            </Link>
          }
          title={t("takeover.title", { name: answer.account })}
          purpose={t("takeover.purpose", {
            people: formatNumber(answer.people),
            tagged: formatNumber(answer.tagged),
          })}
        >
          <div className="stack">
            <Valuable answer={answer} />
            <Section title={t("takeover.tags")}>
              {answer.tags.length === 0 ? (
                <p className="secondary">{t("takeover.no_tags")}</p>
              ) : (
                <PlainTable
                  label={t("takeover.tags")}
                  words={[1]}
                  head={[t("tags.group"), t("tags.tag"), t("takeover.people")]}
                  rows={answer.tags.map((tag) => [tag.group, tag.name, formatNumber(tag.people)])}
                />
              )}
            </Section>
            <Ready query={taxonomy}>{({ groups }) => <Dictionary groups={groups} />}</Ready>
          </div>
        </Sheet>
      )}
    </Ready>
  )
}

function Valuable(props: { answer: Answer }) {
  const { t } = useTranslation()
  const join = useJoin()
  const { valuable } = props.answer
  return (
    <Section title={t("takeover.valuable")}>
      {valuable.length === 0 ? (
        <p className="secondary">{t("takeover.none_valuable")}</p>
      ) : (
        <PlainTable
          label={t("takeover.valuable")}
          words={[1]}
          head={[t("takeover.customer"), t("takeover.tags_of"), t("takeover.spent")]}
          rows={valuable.map((one) => [
            <Link key="name" to="/customers/$id" params={{ id: one.customer_id }} search={{}}>
              {one.name || MISSING}
            </Link>,
            one.tags.length > 0 ? join(one.tags) : MISSING,
            formatMoney(one.gmv_fen),
          ])}
        />
      )}
    </Section>
  )
}

function Dictionary(props: { groups: Group[] }) {
  const { t } = useTranslation()
  const rows = props.groups.flatMap((group) =>
    group.tags
      .filter((tag) => tag.retired_at === null && tag.definition !== "")
      .map((tag) => [group.name, tag.name, tag.definition, tag.example || MISSING]),
  )
  return (
    <Section title={t("takeover.dictionary")}>
      <PlainTable
        label={t("takeover.dictionary")}
        words={[1, 2, 3]}
        head={[t("tags.group"), t("tags.tag"), t("tags.definition"), t("tags.example")]}
        rows={rows}
      />
    </Section>
  )
}
