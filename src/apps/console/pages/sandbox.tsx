import { Link } from "@tanstack/react-router"
import { Button, Checkbox, Segmented, Select } from "antd"
import { useState } from "react"
import {
  SCENARIOS,
  sandboxClock,
  sandboxDeed,
  sandboxFaults,
  sandboxScenario,
  sandboxState,
} from "../../../apps/server/sandbox-panel/contract.ts"
import { CallRefused } from "../../../kernel/client.ts"
import { atTime, DAY_MS, dayNumber } from "../../../kernel/day.ts"
import { listCodes } from "../../../modules/codes/contract.ts"
import { Badge } from "../../../ui/badge.tsx"
import { formatExact, formatMoney, formatNumber, MISSING } from "../../../ui/format.ts"
import { numberProblem } from "../../../ui/number.ts"
import { NumberField } from "../../../ui/number-field.tsx"
import { Facts, Section, Page as Sheet } from "../../../ui/page.tsx"
import { Empty, problemText, Ready } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useChange, useRead } from "../lib/client.ts"
import { useSession } from "../lib/session.tsx"
import { type Faults, faultSwitches, readWorld, type World } from "./sandbox-world.ts"

const REFRESH_MS = 2_000
const RATES = [1, 60, 600, 3600]
const PEOPLE = { min: 1, max: 100, decimals: 0 }
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const EVENING = 20

export function Page() {
  const { t } = useTranslation()
  const query = useRead(sandboxState, {}, { every_ms: REFRESH_MS })
  const none = query.error instanceof CallRefused && query.error.problem.code === "no_sandbox"
  return (
    <Sheet
      title={t("sandbox.title")}
      purpose={t("sandbox.purpose")}
      actions={
        none ? null : (
          <Link to="/sandbox/chat" search={{}}>
            <Button>{t("sandbox_chat.open")}</Button>
          </Link>
        )
      }
    >
      {none ? (
        <div className="card">
          <Empty title={t("sandbox.none")}>{t("sandbox.none_text")}</Empty>
        </div>
      ) : (
        <Ready query={query}>{(state) => <Panel world={readWorld(state)} />}</Ready>
      )}
    </Sheet>
  )
}

function Panel(props: { world: World }) {
  const { can } = useSession()
  const drive = can("sandbox.drive")
  return (
    <div className="grid-2">
      <div className="stack">
        <ClockCard world={props.world} drive={drive} />
        {drive ? <DeedsCard /> : null}
        {drive ? <FaultsCard faults={props.world.faults} /> : null}
      </div>
      <div className="stack">
        <WorldCard world={props.world} />
        <HappeningsCard world={props.world} />
      </div>
    </div>
  )
}

const complain = (error: unknown) => toast(problemText(error), "bad")

function ClockCard(props: { world: World; drive: boolean }) {
  const { t } = useTranslation()
  const set = useChange(sandboxClock, ["sandbox", "session"])
  const { clock } = props.world
  const change = (body: { rate?: number; paused?: boolean; step_ms?: number }) =>
    set.mutate(
      { body },
      { onError: complain, onSuccess: () => (body.step_ms ? toast(t("sandbox.stepped")) : undefined) },
    )
  return (
    <Section
      title={t("sandbox.clock")}
      extra={
        <Badge tone={clock.paused ? "warn" : "good"}>
          {t(clock.paused ? "sandbox.paused" : "sandbox.running")}
        </Badge>
      }
    >
      <div className="stack-s">
        <div>
          <span className="secondary">{t("sandbox.shop_time")}</span>
          <div className="stat-value num">{formatExact(clock.now_ms)}</div>
        </div>
        {props.drive ? (
          <>
            <div className="row">
              <span className="secondary">{t("sandbox.rate")}</span>
              <Segmented
                aria-label={t("sandbox.rate")}
                value={clock.rate}
                options={RATES.map((n) => ({
                  value: n,
                  label: n === 1 ? t("sandbox.rate_1") : t("sandbox.rate_n", { n: formatNumber(n) }),
                }))}
                onChange={(rate) => change({ rate })}
              />
            </div>
            <Scenario scenario={props.world.scenario} />
            <div className="row">
              <Button loading={set.isPending} onClick={() => change({ paused: !clock.paused })}>
                {t(clock.paused ? "sandbox.go_on" : "sandbox.pause")}
              </Button>
              <Button loading={set.isPending} onClick={() => change({ step_ms: HOUR_MS })}>
                {t("sandbox.step_hour")}
              </Button>
              <Button loading={set.isPending} onClick={() => change({ step_ms: toEvening(clock.now_ms) })}>
                {t("sandbox.step_evening")}
              </Button>
              <Button loading={set.isPending} onClick={() => change({ step_ms: 24 * HOUR_MS })}>
                {t("sandbox.step_day")}
              </Button>
            </div>
          </>
        ) : null}
      </div>
    </Section>
  )
}

/** How much happens by itself. */
function Scenario(props: { scenario: string }) {
  const { t } = useTranslation()
  const set = useChange(sandboxScenario, ["sandbox"])
  const words = SCENARIOS.find((name) => name === props.scenario)
  return (
    <div className="stack-s">
      <div className="row">
        <span className="secondary">{t("sandbox.scenario")}</span>
        <Segmented
          aria-label={t("sandbox.scenario")}
          value={props.scenario}
          disabled={set.isPending}
          options={SCENARIOS.map((name) => ({ value: name, label: t(`scenario.${name}`) }))}
          onChange={(name) =>
            set.mutate({ body: { scenario: name as (typeof SCENARIOS)[number] } }, { onError: complain })
          }
        />
      </div>
      {words ? <p className="secondary small">{t(`scenario_text.${words}`)}</p> : null}
    </div>
  )
}

/** To just after the next 20:00 of the shop, when most sends go out. */
function toEvening(now_ms: number): number {
  const evening = atTime(dayNumber(now_ms), EVENING).getTime()
  return (evening > now_ms ? evening : evening + DAY_MS) + MINUTE_MS - now_ms
}

function DeedsCard() {
  const { t } = useTranslation()
  const { can } = useSession()
  const codes = useRead(listCodes, {}, { enabled: can("codes.read") })
  const deed = useChange(sandboxDeed, ["sandbox"])
  const [code, setCode] = useState<string | null>(null)
  const [count, setCount] = useState(10)
  const [newcomers, setNewcomers] = useState<string[]>([])
  // One deed at a time: only the answer to the last one asked for is told.
  const busy = (name: string) => {
    const own = deed.variables?.params.deed === name
    return { loading: deed.isPending && own, disabled: deed.isPending && !own }
  }
  const usable = (codes.data?.rows ?? []).filter((c) => c.way_ref !== null && c.closed_at === null)
  const scan = () =>
    deed.mutate(
      { params: { deed: "scan" }, body: { count, ...(code ? { config_id: code } : {}) } },
      {
        onError: complain,
        onSuccess: (answer) => {
          setNewcomers(idsIn(answer.scanned))
          toast(t("sandbox.scanned", { n: lengthOf(answer.scanned) }))
        },
      },
    )
  const buy = () =>
    deed.mutate(
      { params: { deed: "buy" }, body: { external_userid: newcomers } },
      {
        onError: complain,
        onSuccess: (answer) => toast(t("sandbox.bought", { n: lengthOf(answer.orders) })),
      },
    )
  const press = () =>
    deed.mutate(
      { params: { deed: "staff/press-send" }, body: {} },
      {
        onError: complain,
        onSuccess: (answer) => toast(t("sandbox.pressed", { n: lengthOf(answer.pressed) })),
      },
    )
  return (
    <Section title={t("sandbox.deeds")}>
      <div className="row">
        <Select
          aria-label={t("sandbox.code")}
          placeholder={t("sandbox.code_any")}
          allowClear
          value={code}
          onChange={(value) => setCode(value ?? null)}
          style={{ minWidth: 180 }}
          options={usable.map((c) => ({ value: c.way_ref ?? "", label: c.name }))}
        />
        <NumberField
          label={t("sandbox.people_count")}
          {...PEOPLE}
          value={count}
          onChange={setCount}
          width={88}
        />
        <Button
          type="primary"
          {...busy("scan")}
          {...(numberProblem(count, PEOPLE) ? { disabled: true } : {})}
          onClick={scan}
        >
          {t("sandbox.scan", { n: Number.isNaN(count) ? MISSING : formatNumber(count) })}
        </Button>
        {newcomers.length > 0 ? (
          <Button {...busy("buy")} onClick={buy}>
            {t("sandbox.buy", { n: formatNumber(newcomers.length) })}
          </Button>
        ) : null}
        <Button {...busy("staff/press-send")} onClick={press}>
          {t("sandbox.press")}
        </Button>
      </div>
    </Section>
  )
}

const idsIn = (scanned: unknown): string[] =>
  Array.isArray(scanned)
    ? scanned.flatMap((one: { external_userid?: unknown }) =>
        typeof one.external_userid === "string" ? [one.external_userid] : [],
      )
    : []
const lengthOf = (value: unknown) => formatNumber(Array.isArray(value) ? value.length : 0)

function FaultsCard(props: { faults: Faults }) {
  const { t } = useTranslation()
  const set = useChange(sandboxFaults, ["sandbox"])
  const change = (body: Record<string, unknown>) => set.mutate({ body }, { onError: complain })
  return (
    <Section
      title={t("sandbox.faults")}
      extra={<Button onClick={() => change({ reset: true })}>{t("sandbox.faults_reset")}</Button>}
    >
      <p className="secondary">{t("sandbox.faults_text")}</p>
      <div className="stack-s">
        {faultSwitches.map((one) => (
          <Checkbox
            key={one.word}
            checked={one.isOn(props.faults)}
            onChange={(event) => change(event.target.checked ? one.on : one.off)}
          >
            {t(`sandbox.${one.word}`)}
          </Checkbox>
        ))}
      </div>
    </Section>
  )
}

function WorldCard(props: { world: World }) {
  const { t } = useTranslation()
  const { world } = props
  const n = (value: number) => <span className="num">{formatNumber(value)}</span>
  return (
    <Section title={t("sandbox.world")}>
      <Facts
        columns={2}
        items={[
          [t("sandbox.people"), n(world.people)],
          [t("sandbox.newcomers"), n(world.newcomers)],
          [t("sandbox.groups"), n(world.groups)],
          [t("sandbox.live_orders"), n(world.live_orders)],
          [
            t("sandbox.live_paid"),
            <span key="p" className="num">
              {formatMoney(world.live_paid_fen)}
            </span>,
          ],
          [t("sandbox.callbacks"), n(world.callbacks)],
          [t("sandbox.waiting"), n(world.waiting)],
          [
            t("sandbox.history"),
            <span key="h" className="num">
              {Math.round(world.history_share * 100)}%
            </span>,
          ],
        ]}
      />
    </Section>
  )
}

function HappeningsCard(props: { world: World }) {
  const { t } = useTranslation()
  const { happenings } = props.world
  return (
    <Section title={t("sandbox.happenings")}>
      {happenings.length === 0 ? <p className="secondary">{t("sandbox.no_happenings")}</p> : null}
      <ol className="timeline">
        {happenings.map((h) => (
          <li key={`${h.at}:${h.text}`}>
            <span className="secondary small num nowrap">{formatExact(h.at).slice(11)}</span>
            <span className="name">{h.text}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
