import { Button } from "antd"
import { useContext, useEffect, useRef, useState } from "react"
import { CallRefused } from "../kernel/client.ts"
import { FormProblem } from "./form-drawer.tsx"
import { formatMoney, formatNumber } from "./format.ts"
import { SavedMeanwhile } from "./saved-meanwhile.tsx"
import { type Args, fieldProblem, fieldsOf, isNumber, type Schema } from "./schema.ts"
import { SchemaFields, type SchemaHelp } from "./schema-form.tsx"
import { problemText } from "./states.tsx"
import { toast } from "./toast.tsx"
import { UnsavedContext } from "./unsaved.ts"
import { useJoin, useTranslation } from "./words/use.ts"

/**
 * Settings as their declaration says them. What is out of bounds is told below its field and nothing is saved; where somebody else
 * has saved meanwhile, a person decides. What the form does not ask for stays as it stands.
 */
export function SettingsForm<S extends object>(props: {
  schema: Schema
  settings: S
  help: SchemaHelp
  /** Whether these settings may be changed by whoever reads them. */
  may: boolean
  /** Puts settings in the place of those they are based on; gives those that stand then. */
  save: (settings: S, based_on: S) => Promise<S>
  /** Those that stand now. */
  read: () => Promise<S>
}) {
  const { t } = useTranslation()
  const { schema, help, may } = props
  const Guard = useContext(UnsavedContext)
  // What the fields began with: another read of the settings changes nothing that somebody is writing.
  const [based, setBased] = useState(props.settings)
  const [value, setValue] = useState(props.settings as Args)
  const [theirs, setTheirs] = useState<S | null>(null)
  const [asked, setAsked] = useState(0)
  const [refused, setRefused] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const fields = fieldsOf(schema)
  const dirty = fields.some(({ name }) => !isSame(value[name], (based as Args)[name]))
  useEffect(() => {
    if (asked > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [asked])

  const stand = (settings: S) => {
    setBased(settings)
    setValue(settings as Args)
    setTheirs(null)
    setAsked(0)
  }
  const put = async (over: S) => {
    setProblem(null)
    setRefused({})
    setAsked((times) => times + 1)
    if (fields.some((one) => fieldProblem(one, value[one.name]) !== null)) return
    const typed = Object.fromEntries(fields.map(({ name }) => [name, value[name]]))
    setBusy(true)
    try {
      stand(await props.save({ ...over, ...typed }, over))
      toast(t("ui.settings_saved"))
    } catch (error) {
      const refusal = error instanceof CallRefused ? error.problem : null
      // Where theirs cannot be read now, the refusal still stands.
      const newest = refusal?.code === "version_changed" ? await props.read().catch(() => null) : null
      const field = fields.find(({ name }) => name === refusal?.field)?.name
      setTheirs(newest)
      if (field) {
        setRefused({ [field]: problemText(error) })
        setAsked((times) => times + 1)
      } else if (!newest) setProblem(problemText(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      ref={form}
      className="stack-s form-column"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void put(based)
      }}
    >
      {Guard ? <Guard dirty={dirty} /> : null}
      {may ? null : <p className="secondary">{t("ui.settings_read_only")}</p>}
      <SchemaFields
        schema={schema}
        value={value}
        help={help}
        disabled={!may}
        asked={asked > 0}
        refused={refused}
        onChange={(next) => {
          setValue(next)
          setRefused({})
        }}
      />
      {theirs ? (
        <SavedMeanwhile
          busy={busy}
          onMine={() => void put(theirs)}
          theirs={<Button onClick={() => stand(theirs)}>{t("ui.take_theirs")}</Button>}
        >
          <p>{t("ui.settings_changed")}</p>
          <Changed schema={schema} help={help} from={based as Args} to={theirs as Args} />
        </SavedMeanwhile>
      ) : null}
      <FormProblem text={problem} />
      {may ? (
        <div>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("ui.save")}
          </Button>
        </div>
      ) : null}
    </form>
  )
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** What somebody else has set otherwise, in the declaration's own words. */
function Changed(props: { schema: Schema; help: SchemaHelp; from: Args; to: Args }) {
  const { t } = useTranslation()
  const say = useSaid(props.help)
  const changed = fieldsOf(props.schema).filter(({ name }) => !isSame(props.from[name], props.to[name]))
  if (changed.length === 0) return <p className="secondary">{t("ui.settings_changed_elsewhere")}</p>
  return (
    <ul className="secondary">
      {changed.map(({ name, field }) => (
        <li key={name}>
          {props.help.label(name, field)} {say(name, field, props.to[name])}
        </li>
      ))}
    </ul>
  )
}

function useSaid(help: SchemaHelp): (name: string, field: Schema, value: unknown) => string {
  const { t } = useTranslation()
  const join = useJoin()
  return function said(name, field, value): string {
    if (value === null || value === undefined) return field.empty ? help.say(field.empty) : t("ui.any")
    if (Array.isArray(value)) return join(value.map((one) => said(name, field.items ?? {}, one)))
    if (typeof value === "boolean") return t(value ? "ui.yes" : "ui.no")
    if (field.enum) return help.value(name, String(value))
    if (!isNumber(field) || typeof value !== "number") return nameOf(help, name, field, value)
    if (field.unit === "fen") return formatMoney(value)
    return field.unit ? `${formatNumber(value)} ${help.unit(field.unit)}` : formatNumber(value)
  }
}

/** Where an id points at something, that thing's name. */
function nameOf(help: SchemaHelp, name: string, field: Schema, value: unknown): string {
  const options = field.kind ? help.options(field.kind, name) : null
  return options?.find((one) => one.value === value)?.label ?? String(value)
}
