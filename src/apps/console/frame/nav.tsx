import { MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons"
import { Link, useLocation } from "@tanstack/react-router"
import { useTranslation } from "../../../ui/words/use.ts"
import { useSession } from "../lib/session.tsx"
import { type NavItem, type NavLeaf, navigation } from "./navigation.ts"

/** The leaf whose address is the longest beginning of where we are. */
export function leafAt(path: string, leaves: NavLeaf[]): NavLeaf | undefined {
  const fits = (to: string) => (to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`))
  return leaves.filter((l) => fits(l.to)).sort((a, b) => b.to.length - a.to.length)[0]
}

export function Nav(props: { narrow: boolean; open: boolean; onFold: () => void; onLeave: () => void }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const path = useLocation({ select: (l) => l.pathname })
  const here = leafAt(
    path,
    navigation.flatMap((item) => item.leaves),
  )
  return (
    <nav className={props.open ? "nav is-open" : "nav"} aria-label={t("frame.navigation")} id="navigation">
      <Link to="/" className="brand" onClick={props.onLeave}>
        <img src="/mark.svg" alt="" />
        <span className="word">{t("frame.product")}</span>
        {props.narrow ? <span className="visually-hidden">{t("frame.product")}</span> : null}
      </Link>
      <ul>
        {navigation.map((item) => {
          const leaves = item.leaves.filter((leaf) => can(leaf.permission))
          return leaves.length === 0 ? null : (
            <Branch key={item.word} item={item} leaves={leaves} here={here} onLeave={props.onLeave} />
          )
        })}
      </ul>
      <div className="nav-fold">
        <button type="button" className="nav-link" onClick={props.onFold} aria-expanded={!props.narrow}>
          {props.narrow ? (
            <MenuUnfoldOutlined className="nav-icon" />
          ) : (
            <MenuFoldOutlined className="nav-icon" />
          )}
          <span className={props.narrow ? "visually-hidden" : "word"}>
            {t(props.narrow ? "frame.unfold" : "frame.fold")}
          </span>
        </button>
      </div>
    </nav>
  )
}

function Branch(props: { item: NavItem; leaves: NavLeaf[]; here: NavLeaf | undefined; onLeave: () => void }) {
  const { t } = useTranslation()
  const { item, leaves, here } = props
  const first = leaves[0]
  if (!first) return null
  const Icon = item.icon
  const isHere = leaves.some((leaf) => leaf === here)
  const label = t(`nav.${item.word}`)
  const alone = leaves.length === 1 && item.leaves.length === 1
  return (
    <li>
      <Link
        to={first.to}
        className={isHere ? "nav-link is-here" : "nav-link"}
        title={label}
        onClick={props.onLeave}
        activeProps={{}}
        {...(alone && isHere ? { "aria-current": "page" as const } : {})}
      >
        <Icon className="nav-icon" />
        <span className="word">{label}</span>
      </Link>
      {isHere && !alone ? (
        <ul className="sub">
          {leaves.map((leaf) => (
            <li key={leaf.to}>
              <Link
                to={leaf.to}
                className="nav-link"
                onClick={props.onLeave}
                activeOptions={{ exact: true }}
                {...(leaf === here ? { "aria-current": "page" as const } : { "aria-current": undefined })}
              >
                {t(`nav.${leaf.word}`)}
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  )
}
