import { Button } from "antd"
import { type ReactNode, useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { useNow } from "../../../../ui/now.tsx"
import { Facts, Section, Page as Sheet } from "../../../../ui/page.tsx"
import { problemText, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { checkChannel, listChannels, resumeChannel } from "../../../server/channels-panel/contract.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"

type Channel = CallAnswer<typeof listChannels>["rows"][number]
type Result = CallAnswer<typeof checkChannel>
const WATCH_MS = 15_000

export function Page() {
  const { t } = useTranslation()
  const query = useRead(listChannels, {}, { every_ms: WATCH_MS })
  return (
    <Sheet title={t("channels.title")} purpose={t("channels.purpose")}>
      <Ready query={query}>
        {(answer) => (
          <div className="stack">
            {answer.rows.toSorted(overTheWireFirst).map((channel) => (
              <One key={channel.name} channel={channel} />
            ))}
          </div>
        )}
      </Ready>
    </Sheet>
  )
}

const overTheWireFirst = (a: Channel, b: Channel) => Number(b.testable) - Number(a.testable)

function One(props: { channel: Channel }) {
  const { channel } = props
  const { t } = useTranslation()
  const join = useJoin()
  const word = useCodeWord()
  const list = (codes: readonly string[]) =>
    codes.length > 0 ? join(codes.map((code) => word("capability", code))) : t("channels.nothing")
  const sized = channel.can.map(({ kind, parcel_size }) =>
    parcel_size > 1
      ? t("channels.parcel", { kind: word("capability", kind), n: formatNumber(parcel_size) })
      : word("capability", kind),
  )
  return (
    <Section
      title={
        <>
          {word("channel_name", channel.name)}{" "}
          <Badge tone={channel.stopped ? "bad" : "good"}>
            {t(channel.stopped ? "channels.stopped" : "channels.working")}
          </Badge>
        </>
      }
      label={word("channel_name", channel.name)}
      extra={
        <span className="secondary">{t("channels.accounts", { n: formatNumber(channel.accounts) })}</span>
      }
    >
      {channel.testable ? (
        <>
          <Stopped channel={channel} />
          <Facts
            items={[
              [t("channels.can"), join(sized)],
              [
                t("channels.by_hand"),
                <span key="by">
                  {list(channel.by_hand)}
                  <span className="secondary small block">{t("channels.by_hand_hint")}</span>
                </span>,
              ],
              [t("channels.hears"), list(channel.hears)],
              [t("channels.also"), list(channel.services.filter((service) => service !== "check"))],
            ]}
          />
          <Test name={channel.name} />
        </>
      ) : (
        <p className="secondary">{t("channels.manual_text")}</p>
      )}
    </Section>
  )
}

function Stopped(props: { channel: Channel }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const resume = useChange(resumeChannel, ["channels", "sends"])
  const { name, stopped } = props.channel
  if (!stopped) return null
  const go = async () => {
    try {
      const { waiting } = await resume.mutateAsync({ params: { name } })
      toast(t("channels.resumed", { n: formatNumber(waiting) }))
    } catch (error) {
      toast(problemText(error), "bad")
    }
  }
  return (
    <div className="notice notice-bad" role="alert">
      <p>
        {t("channels.stopped_text", { code: stopped.code })} <Until at={stopped.until} />
      </p>
      {can("channels.write") ? (
        <Button loading={resume.isPending} onClick={() => void go()}>
          {t("channels.resume")}
        </Button>
      ) : null}
    </div>
  )
}

/** Machine time, which the shop's clock may be far from: said as a length. */
function Until(props: { at: string }) {
  const { t } = useTranslation()
  useNow(1_000)
  const left_s = Math.max(0, Math.round((Date.parse(props.at) - Date.now()) / 1_000))
  return <span className="secondary num">{t("channels.tries_again", { n: left_s })}</span>
}

function Test(props: { name: string }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const check = useChange(checkChannel)
  const [result, setResult] = useState<Result | null>(null)
  if (!can("channels.write")) return null
  const go = () => {
    setResult(null)
    check.mutate({ params: { name: props.name } }, { onSuccess: setResult })
  }
  return (
    <div className="channel-test">
      <Button loading={check.isPending} onClick={go}>
        {t(check.isPending ? "channels.testing" : "channels.test")}
      </Button>
      <div role="status">
        {check.error ? <span className="danger">{problemText(check.error)}</span> : null}
        {result ? <Verdict result={result} /> : null}
      </div>
    </div>
  )
}

function Verdict(props: { result: Result }): ReactNode {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { ok, people, failure } = props.result
  if (ok || !failure) return <span className="good">{t("channels.well", { n: formatNumber(people) })}</span>
  return (
    <>
      <span className="danger">
        {t("channels.not_well", { why: word("channel_failure", failure.class) })}
      </span>
      <span className="secondary small block">
        {t("channels.error_code")} <span className="mono">{failure.code}</span>
        {failure.detail ? <span className="mono"> · {failure.detail}</span> : null}
      </span>
    </>
  )
}
