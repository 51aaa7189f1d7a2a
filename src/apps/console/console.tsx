import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { ConfigProvider } from "antd"
import { useMemo } from "react"
import { ModeProvider, useModeChoice } from "../../ui/mode.tsx"
import { RightWord } from "../../ui/states.tsx"
import { antdTheme } from "../../ui/theme.ts"
import { Toasts } from "../../ui/toast.tsx"
import { useTranslation } from "../../ui/words/use.ts"
import { SessionGate } from "./frame/session-gate.tsx"
import { queryClient } from "./lib/client.ts"
import { ModeChoiceContext } from "./lib/mode-choice.ts"
import { useRightWord } from "./lib/right-word.ts"
import { router } from "./router.tsx"
import { libraryWords } from "./words/setup.ts"

export function Console() {
  // Asks for the language, so that the component library's words follow a switch.
  useTranslation()
  const look = useModeChoice()
  const theme = useMemo(() => antdTheme(look.mode), [look.mode])
  const locale = libraryWords()
  const rightWord = useRightWord()
  return (
    <ModeProvider mode={look.mode}>
      <ModeChoiceContext value={look}>
        <ConfigProvider theme={theme} {...(locale ? { locale } : {})} button={{ autoInsertSpace: false }}>
          <QueryClientProvider client={queryClient}>
            <RightWord value={rightWord}>
              <SessionGate>
                <RouterProvider router={router} />
              </SessionGate>
            </RightWord>
            <Toasts />
          </QueryClientProvider>
        </ConfigProvider>
      </ModeChoiceContext>
    </ModeProvider>
  )
}
