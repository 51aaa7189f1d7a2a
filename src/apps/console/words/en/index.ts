import { uiEn } from "../../../../ui/words/en.ts"
import type { WordsLike } from "../../../../ui/words/like.ts"
import type { zh } from "../zh/index.ts"
import * as accounts from "./accounts.ts"
import * as customers from "./customers.ts"
import * as data from "./data.ts"
import * as diversions from "./diversions.ts"
import * as frame from "./frame.ts"
import * as functionMatrix from "./function-matrix.ts"
import * as imports from "./imports.ts"
import * as ladder from "./ladder.ts"
import * as orders from "./orders.ts"
import * as plays from "./plays.ts"
import * as rfm from "./rfm.ts"
import * as roles from "./roles.ts"
import * as scripts from "./scripts.ts"
import * as segments from "./segments.ts"
import * as sends from "./sends.ts"
import * as settings from "./settings.ts"
import * as tags from "./tags.ts"
import * as team from "./team.ts"
import * as touches from "./touches.ts"
import * as transfers from "./transfers.ts"
import * as value from "./value.ts"

export const en: WordsLike<typeof zh> = {
  ui: uiEn,
  ...frame,
  ...team,
  ...accounts,
  ...functionMatrix,
  ...scripts,
  ...tags,
  ...customers,
  ...data,
  ...segments,
  ...orders,
  ...sends,
  ...imports,
  ...touches,
  ...settings,
  ...plays,
  ...rfm,
  ...diversions,
  ...ladder,
  ...value,
  ...roles,
  ...transfers,
}
