import { listAccounts } from "../../../modules/accounts/contract.ts"
import { listGroups } from "../../../modules/groups/contract.ts"
import { listSegments } from "../../../modules/segments/contract.ts"
import { listStaff } from "../../../modules/staff/contract.ts"
import { listTags } from "../../../modules/tags/contract.ts"
import type { SchemaHelp } from "../../../ui/schema-form.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useRead } from "./client.ts"
import { useSession } from "./session.tsx"
import { useCodeWord, useSay } from "./words.ts"

/** The words that forms drawn from declarations need: enough where nothing is pointed at. */
export function useSchemaWords(): SchemaHelp {
  const word = useCodeWord()
  const say = useSay()
  const { i18n } = useTranslation()
  const english = i18n.language.startsWith("en")
  return {
    label(name, schema) {
      if (schema.label) return say(schema.label)
      const known = word("arg", name)
      return known !== name || english ? known : (schema.title ?? name)
    },
    say,
    value: (_name, value) => word("arg_value", value),
    unit: (unit) => word("unit", unit),
    options: () => null,
  }
}

/** The words, and what an id can point at. */
export function useSchemaHelp(): SchemaHelp {
  const { t } = useTranslation()
  const { can } = useSession()
  const words = useSchemaWords()
  const tags = useRead(listTags, {}, { enabled: can("tags.read") })
  const groups = useRead(listGroups, {}, { enabled: can("groups.read") })
  const accounts = useRead(listAccounts, {}, { enabled: can("accounts.read") })
  const staff = useRead(listStaff, {}, { enabled: can("staff.read") })
  const segments = useRead(listSegments, {}, { enabled: can("segments.read") })
  return {
    ...words,
    options(kind) {
      if (kind === "tag")
        return (tags.data?.groups ?? []).flatMap((g) =>
          g.tags
            .filter((tag) => !tag.retired_at)
            .map((tag) => ({ value: tag.id, label: `${g.name} · ${tag.name}` })),
        )
      if (kind === "tag_group") return (tags.data?.groups ?? []).map((g) => ({ value: g.id, label: g.name }))
      if (kind === "group")
        return (groups.data?.rows ?? []).map((g) => ({ value: g.id, label: g.name || t("groups.unnamed") }))
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
