import { Button } from "antd"
import { failedRowsPath, type ImportRow, runImport } from "../../../../modules/imports/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { FormProblem } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Facts } from "../../../../ui/page.tsx"
import { Progress } from "../../../../ui/progress.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { StepFoot } from "../../../../ui/wizard.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSay } from "../../lib/words.ts"
import { ImportControls } from "./controls.tsx"
import { hasDownload, importState, isOpen, isWaiting } from "./state.tsx"

/** What was counted so far, beside the step. */
export function Tally({ row }: { row: ImportRow }) {
  const { t } = useTranslation()
  const counts = row.counts!
  return (
    <Facts
      items={[
        [t("imports.read"), formatNumber(counts.read)],
        [row.dry_run ? t("imports.imported") : t("imports.imported_done"), formatNumber(counts.imported)],
        ...(row.kind === "orders" ? [] : [changed(t("imports.changed"), counts.changed)]),
        [t("imports.skipped"), formatNumber(counts.skipped)],
        [t("imports.failed"), formatNumber(counts.failed)],
      ]}
    />
  )
}

const changed = (label: string, n: number): [string, string] => [label, formatNumber(n)]

/** How far it is: of as many rows as a trial counted, where there was one. */
export function Reading({ row }: { row: ImportRow }) {
  const { t } = useTranslation()
  const read = row.counts?.read ?? 0
  const all = row.expected_rows || null
  return (
    <Progress label={t("imports.progress")} done={read} all={all}>
      {all
        ? t("imports.read_of", { n: formatNumber(read), all: formatNumber(all) })
        : t("imports.read_so_far", { n: formatNumber(read) })}
    </Progress>
  )
}

/** How the trial or the import ended, and what can be done next. */
export function Outcome(props: { row: ImportRow; onChange: () => void; onRestart: () => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const { row } = props
  const run = useChange(runImport, ["imports", "orders", "customers", "tags"])
  const start = () =>
    row.options && run.mutate({ params: { id: row.id }, body: { dry_run: false, options: row.options } })
  if (isOpen(row))
    return (
      <section className="stack" aria-live="polite">
        <p>
          {row.state !== "running"
            ? t(importState(row).word)
            : row.dry_run
              ? t("imports.checking")
              : t("imports.running")}
        </p>
        {row.state === "queued" ? null : <Reading row={row} />}
        <StepFoot>
          <ImportControls row={row} />
        </StepFoot>
      </section>
    )
  const fresh = (row.counts?.imported ?? 0) + (row.counts?.changed ?? 0)
  return (
    <section>
      <p role="status">
        {row.problem
          ? row.problem_words
            ? say(row.problem_words)
            : t("imports.fault")
          : row.state === "done"
            ? t("imports.done")
            : row.state === "cancelled"
              ? t("imports.stopped")
              : null}
      </p>
      {row.files_expired_at ? <p>{t("imports.files_gone")}</p> : null}
      {row.failures && row.failures.length > 0 ? (
        <>
          <h2>{t("imports.failures")}</h2>
          <PlainTable
            label={t("imports.failures")}
            words={[1, 2]}
            head={[t("imports.line"), t("imports.reason"), t("imports.cells")]}
            rows={row.failures.map((f) => [String(f.line), f.reason, f.cells.join(" · ")])}
          />
        </>
      ) : null}
      <FormProblem text={run.error ? problemText(run.error) : null} />
      <StepFoot back={<Button onClick={props.onChange}>{t("imports.change")}</Button>}>
        {hasDownload(row) ? (
          <Button href={failedRowsPath(row.id)} download>
            {t("imports.download")}
          </Button>
        ) : null}
        {isWaiting(row) ? (
          <Button type="primary" disabled={fresh === 0} loading={run.isPending} onClick={start}>
            {fresh === 0 ? t("imports.nothing_new") : t("imports.start", { n: formatNumber(fresh) })}
          </Button>
        ) : (
          <Button type="primary" onClick={props.onRestart}>
            {t("imports.again")}
          </Button>
        )}
      </StepFoot>
    </section>
  )
}
