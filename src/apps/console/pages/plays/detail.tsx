import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import { onePlay, switchPlay } from "../../../../modules/plans/plays/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { Earned } from "../earned.tsx"
import { Ending, EndPlay } from "./end-play.tsx"
import { PublishPlay } from "./publish.tsx"
import { Rules } from "./rules.tsx"
import type { Play } from "./said.ts"
import { Steps } from "./steps.tsx"
import { TryRun } from "./try-run.tsx"
import { Versions } from "./versions.tsx"
import { WhyPerson } from "./why-person.tsx"

const REFRESH_MS = 10_000
const ENDING_MS = 1_000

export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(
    onePlay,
    { params: { id } },
    { every_ms: (play) => (play?.ending ? ENDING_MS : REFRESH_MS) },
  )
  return (
    <Ready query={query}>
      {(play) => (
        <Sheet
          title={play.name}
          purpose={
            <Badge tone={play.running ? "good" : "plain"}>
              {t(play.running ? "plays.running" : "plays.stopped_state")}
            </Badge>
          }
          back={
            <Link to="/plays" className="small">
              <LeftOutlined /> {t("plays.back")}
            </Link>
          }
          actions={<Actions play={play} onLook={() => void query.refetch()} />}
        >
          <Whole play={play} />
        </Sheet>
      )}
    </Ready>
  )
}

function Whole(props: { play: Play }) {
  const { play } = props
  const [address, setAddress] = useAddress()
  const shown =
    play.versions.find((one) => String(one.version) === address.version) ??
    play.versions.find((one) => one.state === "published") ??
    play.versions[0]
  const asked = play.versions.find((one) => one.state === "draft" && String(one.version) === address.publish)
  return (
    <div className="stack">
      <PublishPlay
        play={play}
        version={asked ?? null}
        onClose={() => setAddress({ publish: undefined }, { replace: true })}
      />
      {play.ending ? <Ending ending={play.ending} /> : null}
      {shown ? (
        <>
          <Rules said={shown.said} />
          <Steps play={play} version={shown} />
          <Earned earned={play.earned} />
        </>
      ) : null}
      <div className="columns-2">
        <div className="stack">
          <TryRun play={play} />
          <WhyPerson id={play.id} />
        </div>
        <Versions
          play={play}
          shown={shown?.version ?? 0}
          onShow={(version) => setAddress({ version: String(version) }, { replace: true })}
        />
      </div>
    </div>
  )
}

function Actions(props: { play: Play; onLook: () => void }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { play } = props
  const change = useChange(switchPlay, ["plays"])
  const [asking, setAsking] = useState(false)
  const on = play.running
  const published = play.versions.some((one) => one.state === "published")
  const inside = formatNumber(play.inside)
  if (!can("plays.write")) return null
  return (
    <>
      <Link to="/plays/$id/edit" params={{ id: play.id }} search={{}}>
        <Button>{t("plays.edit")}</Button>
      </Link>
      {published ? (
        <Button
          {...(on ? {} : { type: "primary" as const })}
          disabled={play.ending !== null}
          onClick={() => setAsking(true)}
        >
          {t(on ? "plays.switch_off" : "plays.switch_on")}
        </Button>
      ) : null}
      <EndPlay {...props} />
      <ConfirmConsequence
        open={asking}
        title={t(on ? "plays.switch_off_title" : "plays.switch_on_title", { n: inside })}
        verb={t(on ? "plays.switch_off" : "plays.switch_on")}
        danger={on}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await change.mutateAsync({ params: { id: play.id }, body: { running: !on } })
          toast(t("plays.switched"))
        }}
      />
    </>
  )
}
