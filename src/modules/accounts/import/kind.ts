import { newId } from "../../../kernel/ids.ts"
import type { Tx } from "../../../platform/db.ts"
import type { ImportKind, Job, Outcome } from "../../imports/index.ts"
import { staffIdsByName, staffIdsByRef } from "../../staff/index.ts"
import { passCustody } from "../custody/commands.ts"
import { openMissingAgreements } from "../findings/commands.ts"
import { NEXT } from "../life/rules.ts"
import { lockRefs, type Registration, registrationOf, saveRegistration } from "../life/store.ts"
import { ACCOUNT_FAILURES, type AccountImportRow, readRow } from "./rows.ts"
import { type Existing, insertImported, namedAccounts } from "./store.ts"

const CHANNEL = "wecom"

/** Files of accounts that the company has had for long: they are in use at once, and owe their agreement in thirty days. */
export function accountsKind(): ImportKind<AccountImportRow> {
  return {
    name: "accounts",
    words: { zh: "功能账号", en: "Accounts" },
    permission: "accounts.write",
    fields: [
      {
        name: "name",
        words: { zh: "账号名称", en: "Name" },
        aliases: /^(账号|微信|企微|企业微信)?(名称|名|昵称)$|^(account[ _-]?)?name$/i,
        sample: "成交 01",
      },
      {
        name: "function",
        words: { zh: "功能", en: "Function" },
        aliases: /^(账号)?(功能|类型|用途|职务)$|^(function|type)$/i,
        sample: "成交号",
        choices: ["IP号", "成交号", "会员号", "代理号"],
      },
      {
        name: "ref",
        words: { zh: "企业微信账号", en: "WeCom user id" },
        hint: {
          zh: "通讯录里的账号；填了才能和通讯录对上",
          en: "As the directory has it; by it the two are one",
        },
        aliases: /^(企业微信|企微|成员)?(账号|帐号|userid|user id|id)$/i,
        sample: "hm_sales_01",
      },
      {
        name: "custodian",
        words: { zh: "保管人", en: "Custodian" },
        hint: { zh: "员工姓名，或通讯录里的账号", en: "A member of staff by name or directory id" },
        aliases: /^(保管人|使用人|负责人|持有人)$|^(custodian|holder|owner)$/i,
        sample: "林小英",
      },
      {
        name: "holder_name",
        words: { zh: "实名人", en: "Identity" },
        aliases: /^实名(人|认证人|姓名)?$/,
        sample: "王五",
      },
      {
        name: "phone",
        words: { zh: "手机号", en: "Phone" },
        aliases: /^(绑定)?(手机|电话)(号|号码)?$|^(phone|mobile)$/i,
        sample: "13800000000",
      },
      { name: "sim_owner", words: { zh: "卡主", en: "SIM owner" }, aliases: /^(手机)?卡主$/, sample: "公司" },
      {
        name: "device",
        words: { zh: "设备", en: "Device" },
        aliases: /^(手机)?(设备|机器)(编号)?$/,
        sample: "手机 07",
      },
      {
        name: "active_days",
        words: { zh: "活跃天数", en: "Active days" },
        hint: { zh: "以前用了多少天，用来算养号等级", en: "Days it was used before; counts for its level" },
        aliases: /^(已用|活跃|使用)天数$/,
        sample: "180",
      },
    ],
    needs: [["name"], ["function"]],
    by_source: false,
    failures: ACCOUNT_FAILURES,
    read: readRow,
    begin: (job) => ({ take: async (t, rows) => ({ outcomes: await takeRows(t, job, rows) }) }),
  }
}

/** One statement a row is fine here: a company has a few hundred accounts and each is new once. */
async function takeRows(t: Tx, job: Job, rows: readonly AccountImportRow[]): Promise<Outcome[]> {
  await lockRefs(t)
  const held = rows.flatMap((r) => (r.custodian ? [r.custodian] : []))
  const [byRef, byName] = [await staffIdsByRef(t, held), await staffIdsByName(t, held)]
  const known = await namedAccounts(
    t,
    CHANNEL,
    rows.map((r) => r.name),
    rows.flatMap((r) => (r.ref ? [r.ref] : [])),
  )
  const outcomes: Outcome[] = []
  for (const row of rows) {
    const staff_id = row.custodian ? (byRef.get(row.custodian) ?? byName.get(row.custodian) ?? null) : null
    if (row.custodian && !staff_id) outcomes.push({ failed: "custodian_unknown", detail: row.custodian })
    else outcomes.push(await takeRow(t, job, row, staff_id, known))
  }
  await openMissingAgreements(t, job.now)
  return outcomes
}

async function takeRow(
  t: Tx,
  { now }: Job,
  row: AccountImportRow,
  staff_id: string | null,
  known: Existing[],
): Promise<Outcome> {
  const ofRef = row.ref === null ? [] : known.filter((a) => a.channel_ref === row.ref)
  const ofName = known.filter((a) => a.name === row.name && (row.ref === null || a.channel_ref === a.id))
  const found = ofRef.length > 0 ? ofRef : ofName
  if (found.length > 1) return { failed: "name_of_two", detail: row.name }
  const given: Registration = {
    holder_name: row.holder_name,
    phone: row.phone,
    sim_owner: row.sim_owner,
    device: row.device,
  }
  const [account] = found
  if (!account) {
    const id = newId(now.getTime())
    await insertImported(
      t,
      { id, channel: CHANNEL, ...row, ref: row.ref ?? id, days: row.active_days ?? 0 },
      now,
    )
    if (staff_id) await passCustody(t, id, null, staff_id, now)
    if (Object.values(given).some((value) => value !== "")) await saveRegistration(t, id, given, now)
    known.push({
      id,
      name: row.name,
      channel_ref: row.ref ?? id,
      state: "in_use",
      custodian_staff_id: staff_id,
    })
    return "imported"
  }
  if (NEXT[account.state].length === 0) return { failed: "account_over", detail: account.name }
  if (staff_id && account.custodian_staff_id && account.custodian_staff_id !== staff_id)
    return { failed: "held_by_another", detail: row.custodian ?? "" }
  const stood = await registrationOf(t, account.id)
  const next = Object.fromEntries(
    Object.entries(given).map(([field, value]) => [
      field,
      value || (stood?.[field as keyof Registration] ?? ""),
    ]),
  ) as Registration
  const news = Object.entries(next).some(
    ([field, value]) => value !== (stood?.[field as keyof Registration] ?? ""),
  )
  const takes = staff_id !== null && account.custodian_staff_id === null && account.state === "in_use"
  if (news) await saveRegistration(t, account.id, next, now)
  if (takes) {
    await passCustody(t, account.id, null, staff_id, now)
    account.custodian_staff_id = staff_id
  }
  return news || takes ? "changed" : "skipped"
}
