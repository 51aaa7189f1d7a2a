import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from "@tanstack/react-router"
import { useDeferredValue } from "react"
import { Loading } from "../../ui/states.tsx"
import { Frame } from "./frame/frame.tsx"
import { BrokenPage, NoSuchPage } from "./frame/lost.tsx"
import { navigation } from "./frame/navigation.ts"
import { patiently } from "./lib/patiently.ts"
import { useSession } from "./lib/session.tsx"

const root = createRootRoute({ component: Frame, notFoundComponent: NoSuchPage, errorComponent: BrokenPage })

/** What a page keeps in its address: plain words by name, so that every list can be sent to a colleague as a link. */
export type Search = Record<string, string | undefined>
function readSearch(raw: Record<string, unknown>): Search {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([key, value]) =>
      value === undefined || value === null || value === "" || typeof value === "object"
        ? []
        : [[key, String(value)]],
    ),
  )
}

type Load = Parameters<typeof lazyRouteComponent>[0]

/** Whether the page was come to by a press, not by the browser's way back, where what was left is to stand again at once. */
let pressed = false

/** A press on a link is answered by the frame at once; the page, which may be long, is drawn in the time between. */
function afterPress(load: Load) {
  const Page = lazyRouteComponent(() => patiently(load), "Page")
  function Later() {
    return useDeferredValue(true, !pressed) ? <Page /> : <Loading rows={10} />
  }
  return Object.assign(Later, { preload: Page.preload })
}

function page(path: string, load: Load, personal = false) {
  return createRoute({
    staticData: { personal },
    getParentRoute: () => root,
    path,
    validateSearch: readSearch,
    // Another customer, segment or play is another page: nothing that was shown or typed for the one stands under the other.
    remountDeps: ({ params }) => params,
    component: afterPress(load),
  })
}

/** A page that shows data of customers: it carries the mark of whoever looks at it. */
const personal = (path: string, load: Load) => page(path, load, true)

const home = createRoute({ getParentRoute: () => root, path: "/", component: Home })

const routeTree = root.addChildren([
  home,
  personal("/customers", () => import("./pages/customers/list.tsx")),
  personal("/customers/duplicates", () => import("./pages/customers/duplicates.tsx")),
  personal("/customers/$id", () => import("./pages/customers/profile.tsx")),
  page("/segments", () => import("./pages/segments/list.tsx")),
  page("/segments/compare", () => import("./pages/segments/compare.tsx")),
  personal("/segments/$id/days/$day", () => import("./pages/segments/day.tsx")),
  personal("/segments/$id", () => import("./pages/segments/editor.tsx")),
  page("/tags", () => import("./pages/tags/board.tsx")),
  page("/tags/rules", () => import("./pages/tags/rules.tsx")),
  page("/tags/bulks", () => import("./pages/tags/bulks.tsx")),
  personal("/tags/inspections", () => import("./pages/tags/inspections.tsx")),
  page("/tags/quality", () => import("./pages/tags/quality.tsx")),
  page("/tags/sync", () => import("./pages/tags/sync.tsx")),
  page("/tags/conflicts", () => import("./pages/tags/conflicts.tsx")),
  page("/tags/versions", () => import("./pages/tags/versions.tsx")),
  page("/groups", () => import("./pages/groups/list.tsx")),
  personal("/groups/$id", () => import("./pages/groups/detail.tsx")),
  personal("/today", () => import("./pages/today.tsx")),
  page("/plays", () => import("./pages/plays/list.tsx")),
  page("/plays/new", () => import("./pages/plays/editor.tsx")),
  page("/plays/$id/edit", () => import("./pages/plays/editor.tsx")),
  personal("/plays/$id", () => import("./pages/plays/detail.tsx")),
  page("/sends", () => import("./pages/sends/list.tsx")),
  personal("/sends/new", () => import("./pages/sends/compose.tsx")),
  personal("/sends/$id", () => import("./pages/sends/detail.tsx")),
  page("/diversions", () => import("./pages/diversions/list.tsx")),
  page("/diversions/new", () => import("./pages/diversions/new.tsx")),
  personal("/diversions/$id", () => import("./pages/diversions/detail.tsx")),
  page("/codes", () => import("./pages/codes.tsx")),
  personal("/orders", () => import("./pages/orders/list.tsx")),
  personal("/imports/new", () => import("./pages/imports/new.tsx")),
  page("/imports", () => import("./pages/imports/list.tsx")),
  personal("/imports/$id", () => import("./pages/imports/one.tsx")),
  personal("/points", () => import("./pages/points/settings.tsx")),
  page("/data", () => import("./pages/data/board.tsx")),
  personal("/data/ladder", () => import("./pages/data/ladder/page.tsx")),
  page("/data/value", () => import("./pages/data/value/page.tsx")),
  page("/data/rfm", () => import("./pages/data/rfm/page.tsx")),
  personal("/sandbox", () => import("./pages/sandbox.tsx")),
  personal("/sandbox/chat", () => import("./pages/sandbox-chat.tsx")),
  page("/accounts", () => import("./pages/accounts/list.tsx")),
  page("/accounts/requests", () => import("./pages/accounts/requests.tsx")),
  page("/accounts/findings", () => import("./pages/accounts/findings.tsx")),
  page("/accounts/stocktakes", () => import("./pages/accounts/stocktakes.tsx")),
  page("/accounts/stocktakes/$id", () => import("./pages/accounts/stocktake.tsx")),
  page("/accounts/functions", () => import("./pages/accounts/matrix.tsx")),
  page("/accounts/settings", () => import("./pages/accounts/settings.tsx")),
  personal("/accounts/$id", () => import("./pages/accounts/detail.tsx")),
  personal("/accounts/$id/takeover", () => import("./pages/tags/takeover.tsx")),
  page("/staff", () => import("./pages/staff/list.tsx")),
  personal("/staff/$id/leaving", () => import("./pages/transfers/leaving.tsx")),
  page("/transfers", () => import("./pages/transfers/list.tsx")),
  personal("/transfers/$id", () => import("./pages/transfers/detail.tsx")),
  page("/roles", () => import("./pages/staff/roles.tsx")),
  page("/tokens", () => import("./pages/tokens.tsx")),
  page("/channels", () => import("./pages/settings/channels.tsx")),
  page("/limits", () => import("./pages/settings/limits.tsx")),
  personal("/audit", () => import("./pages/audit.tsx")),
])

/** The first page that this person may read. */
function Home() {
  const { can } = useSession()
  const first = navigation.flatMap((item) => item.leaves).find((leaf) => can(leaf.permission))
  return first ? <Navigate to={first.to} replace /> : <NoSuchPage />
}

const HOVER_PRELOAD_MS = 60

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPreloadDelay: HOVER_PRELOAD_MS,
  scrollRestoration: true,
})

router.history.subscribe(({ action }) => {
  pressed = action.type === "PUSH"
})
