import { LeftOutlined } from "@ant-design/icons"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { Button, Input, Segmented } from "antd"
import { useId, useMemo, useRef, useState } from "react"
import { type CallAnswer, CallRefused } from "../../../../kernel/client.ts"
import type { ConditionTree } from "../../../../kernel/tree.ts"
import {
  changeSegment,
  createSegment,
  readCatalogue,
  readSegment,
} from "../../../../modules/segments/contract.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { SavedMeanwhile } from "../../../../ui/saved-meanwhile.tsx"
import type { Schema } from "../../../../ui/schema.ts"
import { problemText, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call, useChange, useRead } from "../../lib/client.ts"
import { ruleOf } from "../../lib/rule-word.ts"
import { useSchemaHelp } from "../../lib/schema-help.ts"
import { useAddress } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { UnsavedGuard } from "../../lib/unsaved.tsx"
import { useSay } from "../../lib/words.ts"
import { RuleBuilder } from "./builder.tsx"
import { DeleteSegment } from "./delete.tsx"
import { type Condition, countLeaves, emptyGroup, toDraft, toTree } from "./draft.ts"
import { Live } from "./live.tsx"
import { Members } from "./members.tsx"
import { Movement } from "./movement.tsx"

const NAME_MAX = 40

export type SavedSegment = CallAnswer<typeof readSegment>

export function Page() {
  const { id } = useParams({ strict: false }) as { id: string }
  const [address] = useAddress()
  const [brought] = useState(() => ({ rule: ruleOf(address.rule), name: address.name ?? "" }))
  const catalogue = useRead(readCatalogue, {})
  const saved = useRead(readSegment, { params: { id } }, { enabled: id !== "new" })
  const conditions = useMemo(
    () =>
      new Map<string, Condition>(
        (catalogue.data?.conditions ?? []).map((one) => [one.name, { ...one, args: one.args as Schema }]),
      ),
    [catalogue.data],
  )
  return (
    <Ready query={catalogue}>
      {() =>
        id === "new" ? (
          <Editor key="new" saved={null} brought={brought} conditions={conditions} />
        ) : (
          // The form keeps what it was opened with: somebody else's save is told when this one is saved.
          <Ready query={saved}>{(one) => <Editor key={id} saved={one} conditions={conditions} />}</Ready>
        )
      }
    </Ready>
  )
}

/** `brought`: what another page asked about, such as a cell of a table: the start of a new one. */
function Editor(props: {
  saved: SavedSegment | null
  brought?: { rule: ConditionTree | null; name: string }
  conditions: ReadonlyMap<string, Condition>
}) {
  const { t } = useTranslation()
  const { can } = useSession()
  const navigate = useNavigate()
  const say = useSay()
  const help = useSchemaHelp()
  const [opened] = useState(props.saved)
  const [version, setVersion] = useState(opened?.version ?? 0)
  const [name, setName] = useState(opened?.name ?? props.brought?.name.slice(0, NAME_MAX) ?? "")
  const [frozen, setFrozen] = useState(false)
  const [draft, setDraft] = useState(() => {
    const rule = opened?.rule ?? props.brought?.rule
    return rule ? toDraft(rule) : emptyGroup()
  })
  const [problem, setProblem] = useState<string | null>(null)
  const [theirs, setTheirs] = useState<SavedSegment | null>(null)
  const [asSaved, setAsSaved] = useState({ name, draft })
  const nameId = useId()
  const nameField = useRef<HTMLDivElement>(null)
  const create = useChange(createSegment, ["segments"])
  const change = useChange(changeSegment, ["segments"])
  const rule = useMemo(() => toTree(draft, props.conditions), [draft, props.conditions])
  const leaves = countLeaves(draft)
  /** The people of a frozen one are settled, and who may not change segments only reads. */
  const fixed = opened !== null && (opened.frozen || !can("segments.write"))

  /** `over`: the version that is knowingly replaced. */
  const save = async (over = version) => {
    setProblem(null)
    setTheirs(null)
    if (name.trim() === "") {
      setProblem(t("segments.name_needed"))
      nameField.current?.querySelector("input")?.focus()
      return
    }
    if (rule === null || leaves === 0)
      return setProblem(t(leaves === 0 ? "segments.none_yet" : "segments.incomplete"))
    try {
      if (opened) {
        const answer = await change.mutateAsync({
          params: { id: opened.id },
          body: { name: name.trim(), version: over, ...(opened.frozen ? {} : { rule }) },
        })
        setVersion(answer.version)
        setAsSaved({ name, draft })
        toast(t("segments.saved"))
      } else {
        const made = await create.mutateAsync({ body: { name: name.trim(), rule, frozen } })
        toast(t("segments.saved"))
        await navigate({ to: "/segments/$id", params: { id: made.id }, search: {}, ignoreBlocker: true })
      }
    } catch (error) {
      setProblem(problemText(error))
      if (!opened || !(error instanceof CallRefused) || error.problem.code !== "version_changed") return
      // Where theirs cannot be read now, the refusal still stands.
      const newest = await call(readSegment, { params: { id: opened.id } }).catch(() => null)
      if (!newest) return
      setTheirs(newest)
      setProblem(null)
    }
  }

  const take = (newest: SavedSegment) => {
    const taken = { name: newest.name, draft: toDraft(newest.rule) }
    setName(taken.name)
    setDraft(taken.draft)
    setAsSaved(taken)
    setVersion(newest.version)
    setTheirs(null)
  }

  return (
    <Sheet
      title={opened ? t("segments.edit") : t("segments.make")}
      back={
        <Link to="/segments" className="small">
          <LeftOutlined /> {t("segments.back")}
        </Link>
      }
      actions={
        opened ? (
          <>
            <Link to="/segments/compare" search={{ a: opened.id }}>
              <Button>{t("compare.with")}</Button>
            </Link>
            {can("sends.write") ? (
              <Link to="/sends/new" search={{ segment: opened.id }}>
                <Button>{t("segments.send")}</Button>
              </Link>
            ) : null}
          </>
        ) : null
      }
    >
      <UnsavedGuard dirty={can("segments.write") && (draft !== asSaved.draft || name !== asSaved.name)} />
      <div className="with-rail">
        <div className="stack">
          <Section title={t("segments.rule")}>
            {fixed ? (
              <FixedRule segment={opened} />
            ) : (
              <RuleBuilder value={draft} onChange={setDraft} conditions={props.conditions} help={help} />
            )}
          </Section>
          {can("segments.write") ? (
            <Section label={t("segments.save")}>
              <div className="stack-s form-column">
                <div className="field" ref={nameField}>
                  <label htmlFor={nameId}>{t("segments.name")}</label>
                  <Input
                    id={nameId}
                    value={name}
                    maxLength={NAME_MAX}
                    placeholder={t("segments.name_hint")}
                    onChange={(event) => setName(event.target.value)}
                  />
                </div>
                {opened ? null : (
                  <div className="row">
                    <Segmented
                      aria-label={t("segments.kind")}
                      value={frozen ? "frozen" : "dynamic"}
                      options={[
                        { value: "dynamic", label: t("segments.dynamic") },
                        { value: "frozen", label: t("segments.frozen") },
                      ]}
                      onChange={(value) => setFrozen(value === "frozen")}
                    />
                  </div>
                )}
                {theirs ? (
                  <SavedMeanwhile
                    busy={change.isPending}
                    onMine={() => void save(theirs.version)}
                    theirs={<Button onClick={() => take(theirs)}>{t("ui.take_theirs")}</Button>}
                  >
                    <p>{t("segments.conflict")}</p>
                    <p className="secondary">
                      {theirs.name} · {say(theirs.sentence)}
                    </p>
                  </SavedMeanwhile>
                ) : null}
                <div className="form-foot">
                  {opened ? <DeleteSegment id={opened.id} name={opened.name} /> : null}
                  <div className="form-problem" role="alert">
                    {problem}
                  </div>
                  <Button
                    type="primary"
                    loading={create.isPending || change.isPending}
                    onClick={() => void save()}
                  >
                    {t("segments.save")}
                  </Button>
                </div>
              </div>
            </Section>
          ) : null}
          {opened && !opened.frozen ? <Movement id={opened.id} /> : null}
          {opened ? <Members id={opened.id} /> : null}
          {opened && opened.versions.length > 1 ? <Versions versions={opened.versions} /> : null}
        </div>
        <aside className="card rail" aria-label={t("segments.count")}>
          <Live rule={rule} everybody={leaves === 0} />
        </aside>
      </div>
    </Sheet>
  )
}

/** A rule that is read and not changed: as its sentence, and why. */
function FixedRule(props: { segment: SavedSegment }) {
  const { t } = useTranslation()
  const say = useSay()
  const { sentence, frozen } = props.segment
  return (
    <div className="stack-s">
      <p>{sentence ? say(sentence) : t("segments.broken_rule")}</p>
      <p className="secondary">{t(frozen ? "segments.frozen_text" : "segments.read_only")}</p>
    </div>
  )
}

function Versions(props: { versions: SavedSegment["versions"] }) {
  const { t } = useTranslation()
  return (
    <Section title={t("segments.version")}>
      <ul className="stack-s">
        {props.versions.map((one) => (
          <li key={one.version} className="row">
            <span className="num">{one.version}</span>
            <Time at={one.saved_at} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
