import type { Command } from "../command.ts"
import { backupCommand, restoreCommand } from "./backup.ts"
import { doctorCommand } from "./doctor.ts"
import { exportCustomersCommand, exportOrdersCommand } from "./export.ts"
import { importOrdersCommand } from "./import-orders.ts"
import { ledgerVerifyCommand } from "./ledger-verify.ts"
import { migrateCommand } from "./migrate.ts"
import { moderateCommand } from "./moderate.ts"
import {
  tokenCreateCommand,
  tokenListCommand,
  tokenRevokeCommand,
  userAddCommand,
  userDisableCommand,
  userListCommand,
  userResetCommand,
} from "./people.ts"
import { rfmCommand } from "./rfm.ts"
import { segmentCommand } from "./segment.ts"
import { startCommand } from "./start.ts"
import { worldCommand } from "./world.ts"

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  startCommand,
  importOrdersCommand,
  exportOrdersCommand,
  exportCustomersCommand,
  rfmCommand,
  segmentCommand,
  moderateCommand,
  ledgerVerifyCommand,
  backupCommand,
  restoreCommand,
  migrateCommand,
  doctorCommand,
  worldCommand,
  userListCommand,
  userAddCommand,
  userResetCommand,
  userDisableCommand,
  tokenCreateCommand,
  tokenListCommand,
  tokenRevokeCommand,
]
