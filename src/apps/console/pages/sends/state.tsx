import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import type { send_state } from "../../words/zh/sends.ts"

export type SendState = keyof typeof send_state
const TONES: Record<SendState, Tone> = {
  draft: "plain",
  awaiting_approval: "warn",
  rejected: "bad",
  planning: "info",
  running: "info",
  paused: "warn",
  cancelled: "plain",
  done: "good",
}

export function SendStateBadge(props: { state: SendState }) {
  const { t } = useTranslation()
  return <Badge tone={TONES[props.state]}>{t(`send_state.${props.state}`)}</Badge>
}
