import { type ComponentType, createContext } from "react"

/** Asks before a page with something typed is left; the app lends it, since it knows how one goes from page to page. */
export type Unsaved = ComponentType<{ dirty: boolean }>
export const UnsavedContext = createContext<Unsaved | null>(null)
