import type { Command } from "../command.ts"
import { importOrdersCommand } from "./import-orders.ts"
import { migrateCommand } from "./migrate.ts"
import { rfmCommand } from "./rfm.ts"

export const commands: readonly Command[] = [importOrdersCommand, rfmCommand, migrateCommand]
