import { createContext } from "react"
import type { useModeChoice } from "../../../ui/mode.tsx"

export const ModeChoiceContext = createContext<ReturnType<typeof useModeChoice>>({
  mode: "light",
  choice: "system",
  choose: () => undefined,
})
