import { useMatches } from "@tanstack/react-router"
import { formatDay } from "../../../ui/format.ts"
import { useNow } from "../../../ui/now.tsx"
import { Watermark } from "../../../ui/watermark.tsx"
import { useSession } from "../lib/session.tsx"

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** Shows data of customers: whoever looks at it stands on it. */
    personal?: boolean
  }
}

/** The mark of who looks, on the pages whose route says that they are personal. */
export function PagesMark() {
  const personal = useMatches({ select: (matches) => matches.some((match) => match.staticData.personal) })
  return personal ? <PersonalMark /> : null
}

export function PersonalMark() {
  const { user } = useSession()
  const day = formatDay(useNow())
  return <Watermark lines={[user.name === user.login ? user.name : `${user.name} ${user.login}`, day]} />
}
