import { Drawer } from "antd"
import { Empty, Failed, Loading } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { JobItem } from "./job-item.tsx"
import type { Job } from "./use-jobs.ts"

/** What goes on and what ended in the last days, with what can be done about it. */
export default function JobsPanel(props: {
  open: boolean
  jobs: Job[] | null
  marks: ReadonlySet<string>
  error: unknown
  onRetry: () => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { jobs } = props
  const going = jobs?.filter((one) => one.active) ?? []
  const ended = jobs?.filter((one) => !one.active) ?? []
  const list = (title: string, some: Job[]) =>
    some.length === 0 ? null : (
      <section aria-label={title}>
        <h2 className="jobs-head">{title}</h2>
        <ul className="jobs">
          {some.map((one) => (
            <JobItem key={one.key} job={one} fresh={!props.marks.has(one.mark)} onLeave={props.onClose} />
          ))}
        </ul>
      </section>
    )
  return (
    <Drawer
      open={props.open}
      onClose={props.onClose}
      title={t("jobs.title")}
      size={420}
      closable={{ "aria-label": t("ui.close") }}
    >
      {props.error ? (
        <Failed error={props.error} onRetry={props.onRetry} />
      ) : !jobs ? (
        <Loading rows={6} />
      ) : jobs.length === 0 ? (
        <Empty title={t("jobs.empty")}>{t("jobs.empty_text")}</Empty>
      ) : (
        <>
          {list(t("jobs.going"), going)}
          {list(t("jobs.ended"), ended)}
        </>
      )}
    </Drawer>
  )
}
