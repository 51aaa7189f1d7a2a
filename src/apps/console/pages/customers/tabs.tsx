import type { TabsProps } from "antd"
import type { TFunction } from "i18next"
import type { Session } from "../../lib/session.tsx"
import { Timeline } from "./timeline.tsx"

/** The tabs of a profile: the timeline, then the same person as each module sees them. */
export function profileTabs(id: string, t: TFunction, _session: Session): NonNullable<TabsProps["items"]> {
  return [
    { key: "timeline", label: t("customers.tab_timeline"), children: <Timeline id={id} /> },
    {
      key: "groups",
      label: t("customers.tab_groups"),
      children: <Timeline id={id} only="group.member_joined,group.member_left,group.message_sent" />,
    },
  ]
}
