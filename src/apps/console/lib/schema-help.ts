import { listAccounts } from "../../../modules/accounts/contract.ts"
import { listGroups } from "../../../modules/groups/contract.ts"
import { listSegments } from "../../../modules/segments/contract.ts"
import { listStaff } from "../../../modules/staff/contract.ts"
import { listTags } from "../../../modules/tags/contract.ts"
import type { SchemaHelp } from "../../../ui/schema-form.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useRead } from "./client.ts"
import { useSession } from "./session.tsx"
import { useCodeWord } from "./words.ts"

/** What forms drawn from declarations need to know: words for fields, and what an id can point at. */
export function useSchemaHelp(): SchemaHelp {
  const { can } = useSession()
  const word = useCodeWord()
  const { i18n } = useTranslation()
  const tags = useRead(listTags, {}, { enabled: can("tags.read") })
  const groups = useRead(listGroups, {}, { enabled: can("groups.read") })
  const accounts = useRead(listAccounts, {}, { enabled: can("accounts.read") })
  const staff = useRead(listStaff, {}, { enabled: can("staff.read") })
  const segments = useRead(listSegments, {}, { enabled: can("segments.read") })
  const english = i18n.language.startsWith("en")
  return {
    label(name, schema) {
      const known = word("arg", name)
      return known !== name || english ? known : (schema.title ?? name)
    },
    value: (_name, value) => word("arg_value", value),
    unit: (unit) => word("unit", unit),
    options(kind) {
      if (kind === "tag")
        return (tags.data?.groups ?? []).flatMap((g) =>
          g.tags
            .filter((tag) => !tag.retired_at)
            .map((tag) => ({ value: tag.id, label: `${g.name} · ${tag.name}` })),
        )
      if (kind === "group") return (groups.data?.rows ?? []).map((g) => ({ value: g.id, label: g.name }))
      if (kind === "staff") return (staff.data?.rows ?? []).map((one) => ({ value: one.id, label: one.name }))
      if (kind === "segment")
        return (segments.data?.rows ?? [])
          .filter((one) => one.frozen)
          .map((one) => ({ value: one.id, label: one.name }))
      if (kind === "account") return (accounts.data?.rows ?? []).map((a) => ({ value: a.id, label: a.name }))
      return null
    },
  }
}
