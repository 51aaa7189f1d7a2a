import { createContext, type ReactNode, useContext, useEffect, useState } from "react"
import type { Mode } from "./palette.ts"
import { palettes } from "./palette.ts"

const ModeContext = createContext<Mode>("light")
export const useMode = () => useContext(ModeContext)

export type ModeChoice = Mode | "system"
const KEY = "siyu.mode"
const DARK = "(prefers-color-scheme: dark)"

/** Light, dark or as the machine says; remembered, and written as CSS variables on the page. */
export function useModeChoice(): { mode: Mode; choice: ModeChoice; choose: (choice: ModeChoice) => void } {
  const [choice, setChoice] = useState<ModeChoice>(
    () => (localStorage.getItem(KEY) as ModeChoice | null) ?? "system",
  )
  const [machineDark, setMachineDark] = useState(() => matchMedia(DARK).matches)
  useEffect(() => {
    const query = matchMedia(DARK)
    const listen = () => setMachineDark(query.matches)
    query.addEventListener("change", listen)
    return () => query.removeEventListener("change", listen)
  }, [])
  const mode: Mode = choice === "system" ? (machineDark ? "dark" : "light") : choice
  useEffect(() => {
    const root = document.documentElement
    root.dataset.mode = mode
    root.style.colorScheme = mode
    for (const [name, colour] of Object.entries(palettes[mode]))
      root.style.setProperty(`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, colour)
  }, [mode])
  return {
    mode,
    choice,
    choose(next) {
      localStorage.setItem(KEY, next)
      setChoice(next)
    },
  }
}

export function ModeProvider(props: { mode: Mode; children: ReactNode }) {
  return <ModeContext value={props.mode}>{props.children}</ModeContext>
}
