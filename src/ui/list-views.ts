import { type ComponentType, createContext } from "react"
import type { Density } from "./grid.tsx"

/** How a table looks: how dense, which columns are folded away, which of the folded ones are shown. */
export type Look = { density: Density; hidden: string[]; shown: string[] }
export const FIRST_LOOK: Look = { density: "middle", hidden: [], shown: [] }

/** Draws the saved views of a list above it; the app lends it, since it keeps them on its server. */
export type ListViews = ComponentType<{ list: string; look: Look; onLook: (look: Look) => void }>
export const ListViewsContext = createContext<ListViews | null>(null)
