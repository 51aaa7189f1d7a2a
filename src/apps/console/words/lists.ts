import type { zh } from "./zh/index.ts"

type ConsoleLists = Omit<typeof zh, "ui">

declare module "../../../ui/words/use.ts" {
  interface WordLists extends ConsoleLists {}
}
