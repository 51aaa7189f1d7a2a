import { Button, Form, Input, Select } from "antd"
import { useState } from "react"
import { type KindRow, lookAtImport, runImport } from "../../../../modules/imports/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { FormProblem } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Facts } from "../../../../ui/page.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { StepFoot } from "../../../../ui/wizard.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSay } from "../../lib/words.ts"
import type { Uploaded } from "./upload.ts"

type Values = { source?: string; mapping: Record<string, string | undefined> }
type Reading = { encoding?: "utf-8" | "gb18030" | "utf-16le" | "utf-16be"; sheet?: string }
const ENCODINGS = ["utf-8", "gb18030", "utf-16le", "utf-16be"] as const
const KILOBYTE = 1024

/** Which column is what: as the headings say it or as it was the last time, beside the first rows as they are read. */
export function Columns(props: {
  kind: KindRow
  file: Uploaded
  /** As it was tried before, where somebody comes back to change it. */
  before: Values | null
  onAsked: () => void
}) {
  const { t } = useTranslation()
  const { kind } = props
  const [form] = Form.useForm<Values>()
  const [file, setFile] = useState(props.file)
  const [reading, setReading] = useState<Reading>({})
  const look = useChange(lookAtImport)
  const run = useChange(runImport, ["imports"])
  const lookBy = async (next: Reading) => {
    const seen = await look.mutateAsync({ params: { id: file.id }, body: next })
    setReading(next)
    setFile(seen)
    form.setFieldsValue({ mapping: { ...emptied(kind), ...seen.guess } })
  }
  const check = async ({ source, mapping }: Values) => {
    const named = Object.fromEntries(Object.entries(mapping).flatMap(([k, v]) => (v ? [[k, v]] : [])))
    const options = { source: source ?? file.source, mapping: named, header: true, ...reading }
    await run.mutateAsync({ params: { id: file.id }, body: { dry_run: true, options } })
    props.onAsked()
  }
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={props.before ?? { mapping: file.guess, source: file.source }}
      onFinish={(values) => void check(values).catch(() => undefined)}
    >
      <Facts
        items={[
          [t("imports.file"), file.file_name],
          [t("imports.size"), `${formatNumber(Math.max(1, Math.round(file.bytes / KILOBYTE)))} KB`],
        ]}
      />
      <ReadAs file={file} busy={look.isPending} onRead={(next) => void lookBy(next).catch(() => undefined)} />
      <Sample file={file} />
      {kind.by_source ? (
        <Form.Item
          name="source"
          label={t("imports.source")}
          extra={t("imports.source_hint")}
          rules={[{ required: true }]}
        >
          <Input maxLength={100} />
        </Form.Item>
      ) : null}
      {file.remembered ? <p className="secondary small">{t("imports.remembered")}</p> : null}
      <Fields kind={kind} headings={file.headings ?? []} />
      <FormProblem text={problemOf(look.error ?? run.error)} />
      <StepFoot>
        <Button type="primary" htmlType="submit" loading={run.isPending}>
          {t("imports.check")}
        </Button>
      </StepFoot>
    </Form>
  )
}

const problemOf = (error: Error | null) => (error ? problemText(error) : null)
const emptied = ({ fields }: KindRow) => Object.fromEntries(fields.map(({ name }) => [name, undefined]))

/** By which letters a text is read, or from which sheet a workbook; whatever is garbled shows in the sample. */
function ReadAs(props: { file: Uploaded; busy: boolean; onRead: (next: Reading) => void }) {
  const { t } = useTranslation()
  const { file, busy, onRead } = props
  if (file.encoding)
    return (
      <Form.Item label={t("imports.encoding")}>
        <Select
          aria-label={t("imports.encoding")}
          value={file.encoding}
          loading={busy}
          options={ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))}
          onChange={(encoding) => onRead({ encoding })}
        />
      </Form.Item>
    )
  const sheets = file.sheets ?? []
  if (sheets.length < 2) return null
  return (
    <Form.Item label={t("imports.sheet")}>
      <Select
        aria-label={t("imports.sheet")}
        defaultValue={sheets[0]}
        loading={busy}
        options={sheets.map((value) => ({ value, label: value }))}
        onChange={(sheet) => onRead({ sheet })}
      />
    </Form.Item>
  )
}

const SAMPLE_COLUMNS = 8

function Sample({ file }: { file: Uploaded }) {
  const { t } = useTranslation()
  const headings = (file.headings ?? []).slice(0, SAMPLE_COLUMNS)
  if (file.sample.length === 0) return <p className="danger">{t("imports.no_rows")}</p>
  return (
    <PlainTable
      label={t("imports.sample")}
      head={headings}
      words={headings.map((_, n) => n)}
      rows={file.sample.map((row) => headings.map((_, n) => row[n] ?? ""))}
    />
  )
}

function Fields({ kind, headings }: { kind: KindRow; headings: string[] }) {
  const { t } = useTranslation()
  const say = useSay()
  const options = [...new Set(headings)].filter(Boolean).map((value) => ({ value, label: value }))
  const needed = new Set(kind.needs.flatMap((some) => (some.length === 1 ? some : [])))
  const either = kind.needs.filter((some) => some.length > 1)
  const wordOf = (name: string) => say(kind.fields.find((f) => f.name === name)?.words)
  return (
    <>
      {either.map((some) => (
        <p key={some.join()} className="secondary small">
          {t("imports.either", { fields: some.map(wordOf).join(t("imports.comma")) })}
        </p>
      ))}
      <div className="wizard-fields">
        {kind.fields.map(({ name, words, hint }) => (
          <Form.Item
            key={name}
            name={["mapping", name]}
            label={`${say(words)}${needed.has(name) ? "" : t("imports.optional")}`}
            {...(hint ? { extra: say(hint) } : {})}
            rules={[{ required: needed.has(name), message: t("imports.column") }]}
          >
            <Select
              options={options}
              placeholder={t("imports.column")}
              allowClear={!needed.has(name)}
              showSearch
            />
          </Form.Item>
        ))}
      </div>
    </>
  )
}
