import { LeftOutlined } from "@ant-design/icons"
import { useQueryClient } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { Button, Input } from "antd"
import { useMemo, useState } from "react"
import { flushSync } from "react-dom"
import { makePlay, onePlay, saveVersion } from "../../../../modules/plans/plays/contract.ts"
import { readCatalogue } from "../../../../modules/segments/contract.ts"
import { LabelledField } from "../../../../ui/labelled-field.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import type { Schema } from "../../../../ui/schema.ts"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSchemaHelp } from "../../lib/schema-help.ts"
import { useSession } from "../../lib/session.tsx"
import { UnsavedGuard } from "../../lib/unsaved.tsx"
import { RuleBuilder } from "../segments/builder.tsx"
import type { Condition } from "../segments/draft.ts"
import { ChangedSince } from "./changed-since.tsx"
import type { Definition } from "./definition.ts"
import { type DraftPlay, emptyPlay, fromDefinition, toDefinition } from "./draft-play.ts"
import { EditorLive } from "./editor-live.tsx"
import { placeOf, savedSince, unfilledSteps } from "./editor-problems.ts"
import { EditorSteps } from "./editor-steps.tsx"
import { AgainFields, EntryFields } from "./entry-fields.tsx"
import type { FactOffer } from "./fact-field.tsx"
import type { Play } from "./said.ts"
import type { Action } from "./step-fields.tsx"
import { StopFields } from "./stop-fields.tsx"

type Saving = { version: number; revision: number }
type Offers = {
  facts: readonly FactOffer[]
  conditions: ReadonlyMap<string, Condition>
  actions: ReadonlyMap<string, Action>
}

/** A new play, or a new version of one: with `id` the newest version stands in the form. */
export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const { id } = useParams({ strict: false }) as { id?: string }
  const catalogue = useRead(readCatalogue, {})
  const play = useRead(onePlay, { params: { id: id ?? "" } }, { enabled: id !== undefined })
  const offers = useMemo((): Offers => {
    const named = <T extends { name: string; args: Record<string, unknown> }>(list: readonly T[]) =>
      new Map(list.map((one) => [one.name, { ...one, args: one.args as Schema }]))
    return {
      facts: catalogue.data?.facts ?? [],
      conditions: named(catalogue.data?.conditions ?? []),
      actions: named(catalogue.data?.actions ?? []),
    }
  }, [catalogue.data])
  if (!can("plays.write"))
    return (
      <Empty title={t("ui.no_permission_title")}>
        {t("ui.no_permission", { permission: "plays.write" })}
      </Empty>
    )
  return (
    <Ready query={catalogue}>
      {() =>
        id === undefined ? (
          <Editor key="new" play={null} offers={offers} />
        ) : (
          // The form keeps what it was opened with: somebody else's saving is told when this one is saved.
          <Ready query={play}>{(one) => <Editor key={id} play={one} offers={offers} />}</Ready>
        )
      }
    </Ready>
  )
}

function Editor(props: { play: Play | null; offers: Offers }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const help = useSchemaHelp()
  const { conditions, actions } = props.offers
  const [opened] = useState(props.play)
  const [based, setBased] = useState<Saving | null>(newestOf(opened))
  const [draft, setDraft] = useState(() => draftOf(opened))
  const [saved, setSaved] = useState(draft)
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map())
  const [since, setSince] = useState<Saving | null>(null)
  const make = useChange(makePlay, ["plays"])
  const save = useChange(saveVersion, ["plays"])
  const definition = useMemo(() => {
    const made = toDefinition(draft, conditions)
    return "part" in made ? null : made
  }, [draft, conditions])
  const dirty = draft !== saved
  const busy = make.isPending || save.isPending

  const check = (): Definition | null => {
    const found = new Map<string, string>()
    const made = toDefinition(draft, conditions)
    if (draft.name.trim() === "") found.set("name", t("plays.name_needed"))
    if ("part" in made)
      found.set(made.part, t(made.part === "steps" ? "plays.steps_needed" : "plays.not_filled"))
    for (const key of unfilledSteps(draft, actions)) found.set(key, t("plays.not_filled"))
    setWrong(found)
    return found.size > 0 || "part" in made ? null : made
  }

  /** Saves the draft, over whatever stands now where `over` says so; gives where it is, or null where it was refused. */
  const store = async (over?: Saving): Promise<(Saving & { id: string }) | null> => {
    const ready = check()
    if (!ready) return null
    try {
      const name = draft.name.trim()
      const base = over ?? based
      const answer = opened
        ? await save.mutateAsync({
            params: { id: opened.id },
            body: { name, definition: ready, ...(base ? { based_on: base } : {}) },
          })
        : await make.mutateAsync({ body: { name, definition: ready } })
      flushSync(() => {
        setSaved(draft)
        setBased({ version: answer.version, revision: answer.revision })
        setSince(null)
      })
      return answer
    } catch (error) {
      const newer = savedSince(error)
      if (newer) {
        setSince(newer)
        void queries.invalidateQueries({ queryKey: [onePlay.id] })
      } else {
        const { part, text } = placeOf(error, draft)
        setWrong(new Map([[part, text]]))
      }
      return null
    }
  }

  const keep = async (over?: Saving) => {
    const answer = await store(over)
    if (!answer) return
    toast(t("plays.draft_saved"))
    if (!opened) await navigate({ to: "/plays/$id/edit", params: { id: answer.id }, search: {} } as never)
  }
  const publish = async () => {
    const answer = dirty || !opened ? await store() : opened && based ? { id: opened.id, ...based } : null
    if (answer)
      await navigate({
        to: "/plays/$id",
        params: { id: answer.id },
        search: { version: String(answer.version), publish: String(answer.version) },
      } as never)
  }

  const part = { ...props.offers, help, draft, onChange: setDraft }
  return (
    <Sheet
      title={opened ? t("plays.edit_title", { name: opened.name }) : t("plays.make")}
      purpose={t("plays.editor_purpose")}
      back={
        <Link to="/plays" className="small">
          <LeftOutlined /> {t("plays.back")}
        </Link>
      }
    >
      <UnsavedGuard dirty={dirty} />
      <div className="with-rail">
        <div className="stack">
          <Section>
            <LabelledField label={t("plays.play_name")}>
              {(id) => (
                <Input
                  id={id}
                  value={draft.name}
                  maxLength={60}
                  placeholder={t("plays.play_name_hint")}
                  {...(wrong.has("name") ? { status: "error" as const } : {})}
                  onChange={(event) => setDraft({ ...draft, name: event.target.value })}
                />
              )}
            </LabelledField>
            <Wrong text={wrong.get("name")} />
          </Section>
          <Section title={t("plays.entry")}>
            <EntryFields {...part} />
            <Wrong text={wrong.get("entry")} />
          </Section>
          <Section title={t("plays.condition_title")}>
            <div className="stack-s">
              <p className="secondary small">{t("plays.condition_hint")}</p>
              <RuleBuilder
                value={draft.condition}
                conditions={conditions}
                help={help}
                onChange={(condition) => setDraft({ ...draft, condition })}
              />
            </div>
            <Wrong text={wrong.get("condition")} />
          </Section>
          <Section title={t("plays.steps")}>
            <EditorSteps {...part} actions={actions} wrong={wrong} />
            <Wrong text={wrong.get("steps")} />
          </Section>
          <Section title={t("plays.stop")}>
            <StopFields {...part} />
            <Wrong text={wrong.get("stop")} />
          </Section>
          <Section title={t("plays.again_title")}>
            <AgainFields {...part} />
            <Wrong text={wrong.get("again")} />
          </Section>
          <Section>
            <ChangedSince
              play_id={opened?.id ?? null}
              since={since}
              busy={busy}
              onOver={(newer) => void keep(newer)}
            />
            <div className="form-foot">
              <div className="form-problem" role="alert">
                {wrong.get("whole") ?? (wrong.size > 0 ? t("plays.look_above") : "")}
              </div>
              <Button loading={busy} onClick={() => void keep()}>
                {t("plays.save_draft")}
              </Button>
              <Button type="primary" loading={busy} onClick={() => void publish()}>
                {t("plays.save_and_publish")}
              </Button>
            </div>
          </Section>
        </div>
        <aside className="card rail stack-s" aria-label={t("plays.live")}>
          <h2>{t("plays.live")}</h2>
          <EditorLive definition={definition} />
        </aside>
      </div>
    </Sheet>
  )
}

function Wrong(props: { text: string | undefined }) {
  return props.text ? (
    <p className="danger small" role="alert">
      {props.text}
    </p>
  ) : null
}

function newestOf(play: Play | null): Saving | null {
  const newest = play?.versions[0]
  return newest ? { version: newest.version, revision: newest.revision } : null
}

function draftOf(play: Play | null): DraftPlay {
  const newest = play?.versions[0]
  if (!play || !newest) return { ...emptyPlay(), name: play?.name ?? "" }
  return fromDefinition(
    play.name,
    newest.definition as Definition,
    newest.said.steps.map((step) => step.node),
  )
}
