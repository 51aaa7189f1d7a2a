import type { TabsProps } from "antd"
import type { Translate } from "../../../../ui/words/use.ts"
import type { Session } from "../../lib/session.tsx"
import { CustomerOrders } from "../orders/list.tsx"
import { CustomerPoints } from "../points/customer-points.tsx"
import { Timeline } from "./timeline.tsx"
import { Touches } from "./touches.tsx"

/** The tabs of a profile: the timeline, then the same person as each module sees them. */
export function profileTabs(
  customer: { id: string; name: string },
  t: Translate,
  { can }: Session,
): NonNullable<TabsProps["items"]> {
  const { id, name } = customer
  return [
    { key: "timeline", label: t("customers.tab_timeline"), children: <Timeline id={id} /> },
    { key: "touches", label: t("customers.tab_touches"), children: <Touches id={id} /> },
    ...(can("orders.read")
      ? [{ key: "orders", label: t("customers.tab_orders"), children: <CustomerOrders id={id} /> }]
      : []),
    ...(can("points.read")
      ? [
          {
            key: "points",
            label: t("customers.tab_points"),
            children: <CustomerPoints id={id} name={name} />,
          },
        ]
      : []),
    {
      key: "groups",
      label: t("customers.tab_groups"),
      children: <Timeline id={id} only="group.member_joined,group.member_left,group.message_sent" />,
    },
  ]
}
