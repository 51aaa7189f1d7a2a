import { BellOutlined } from "@ant-design/icons"
import { lazy, Suspense, useEffect, useRef, useState } from "react"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSession } from "../../lib/session.tsx"
import { keepMarks, readMarks } from "./read-marks.ts"
import { type Job, useJobs } from "./use-jobs.ts"
import { useJobWords } from "./use-words.ts"

/** Comes when it is first opened. */
const JobsPanel = lazy(() => import("./jobs-panel.tsx"))

/** The bell: how much is new of what goes on by itself; says changes aloud, and opens the list. */
export function JobsButton() {
  const { can } = useSession()
  return can("sends.read") || can("imports.write") || can("plays.read") ? <Bell /> : null
}

function Bell() {
  const { t } = useTranslation()
  const { user } = useSession()
  const [open, setOpen] = useState(false)
  const [loaded, setLoaded] = useState(false)
  const [marks, setMarks] = useState(() => readMarks(user.id))
  const { jobs, error, retry } = useJobs(open)
  const said = useChanges(jobs)
  const fresh = (jobs ?? []).filter((one) => !marks.has(one.mark)).length
  const going = (jobs ?? []).filter((one) => one.active).length
  const close = () => {
    setOpen(false)
    if (!jobs) return
    const seen = jobs.map((one) => one.mark)
    keepMarks(user.id, seen)
    setMarks(new Set(seen))
  }
  return (
    <>
      <button
        type="button"
        className="bar-bell"
        aria-haspopup="dialog"
        aria-label={t("jobs.bell", { fresh, going })}
        title={t("jobs.title")}
        onClick={() => {
          setLoaded(true)
          setOpen(true)
        }}
      >
        <BellOutlined />
        {fresh > 0 ? (
          <span className="bar-count num">{fresh > COUNT_SHOWN ? `${COUNT_SHOWN}+` : fresh}</span>
        ) : null}
      </button>
      <span className="visually-hidden" role="status">
        {said}
      </span>
      {loaded ? (
        <Suspense fallback={null}>
          <JobsPanel open={open} jobs={jobs} marks={marks} error={error} onRetry={retry} onClose={close} />
        </Suspense>
      ) : null}
    </>
  )
}

const COUNT_SHOWN = 99

/** What changed between two looks, as a sentence; nothing at the first. */
function useChanges(jobs: Job[] | null): string {
  const words = useJobWords()
  const before = useRef<Map<string, string> | null>(null)
  const [said, setSaid] = useState("")
  // biome-ignore lint/correctness/useExhaustiveDependencies: said when something changes, not when the language does
  useEffect(() => {
    if (!jobs) return
    const known = before.current
    before.current = new Map(jobs.map((one) => [one.key, one.mark]))
    if (!known) return
    const changed = jobs.filter((one) => known.get(one.key) !== one.mark)
    if (changed.length > 0) setSaid(changed.map(words.said).join(" "))
  }, [jobs?.map((one) => one.mark).join()])
  return said
}
