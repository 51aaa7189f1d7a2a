import { listCodes } from "../../../../modules/codes/contract.ts"
import { MISSING } from "../../../../ui/format.ts"
import { useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"

/** Where somebody came from: the source of the code they came by, and its name; a code that is none of ours as it came. */
export function Source(props: { state: string | null }) {
  const { can } = useSession()
  const codes = useRead(listCodes, {}, { enabled: props.state !== null && can("codes.read") })
  if (!props.state) return <>{MISSING}</>
  const code = codes.data?.rows.find((one) => one.state === props.state)
  return <span className="name">{code ? `${code.source} · ${code.name}` : props.state}</span>
}
