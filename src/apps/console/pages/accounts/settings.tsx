import { LeftOutlined } from "@ant-design/icons"
import { Link } from "@tanstack/react-router"
import { readAccountsSettings, saveAccountsSettings } from "../../../../modules/accounts/settings/contract.ts"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import type { Schema } from "../../../../ui/schema.ts"
import { SettingsForm } from "../../../../ui/settings-form.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call, useChange, useRead } from "../../lib/client.ts"
import { useSchemaWords } from "../../lib/schema-help.ts"
import { useSession } from "../../lib/session.tsx"

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(readAccountsSettings, {})
  const save = useChange(saveAccountsSettings, ["accounts"])
  const help = useSchemaWords()
  return (
    <Sheet
      title={t("accounts.rules")}
      purpose={t("accounts.rules_purpose")}
      back={
        <Link to="/accounts" className="small">
          <LeftOutlined /> {t("accounts.title")}
        </Link>
      }
    >
      <Ready query={query}>
        {(answer) => (
          <Section label={t("accounts.rules")}>
            <SettingsForm
              schema={answer.schema as Schema}
              settings={answer.settings}
              help={help}
              may={can("settings.write")}
              save={async (settings, based_on) =>
                (await save.mutateAsync({ body: { ...settings, based_on } })).settings
              }
              read={async () => (await call(readAccountsSettings, {})).settings}
            />
          </Section>
        )}
      </Ready>
    </Sheet>
  )
}
