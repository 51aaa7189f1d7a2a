import type { Queryable } from "../../../platform/db.ts"
import { readSetting, saveSetting } from "../../../platform/settings.ts"

const NAME = "sends.approval"

/** Whether a second person must approve; so it is until the team says otherwise. */
export const approvalRequired = async (q: Queryable): Promise<boolean> =>
  (await readSetting(q, NAME)) !== false

export const saveApproval = (q: Queryable, required: boolean): Promise<void> => saveSetting(q, NAME, required)
