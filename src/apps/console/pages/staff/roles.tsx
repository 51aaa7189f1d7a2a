import { listRoles } from "../../../../modules/staff/contract.ts"
import { Facts, Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"
import { type Role, useScopeWord } from "./rights.ts"

/** Each role as the server's rules have it: read only, since roles are rules. */
export function Page() {
  const { t } = useTranslation()
  const query = useRead(listRoles, {})
  return (
    <Sheet title={t("roles.title")} purpose={t("roles.purpose")}>
      <Ready query={query}>
        {({ rows }) => (
          <div className="columns-2">
            {rows.map((role) => (
              <RoleCard key={role.role} role={role} />
            ))}
          </div>
        )}
      </Ready>
    </Sheet>
  )
}

function RoleCard(props: { role: Role }) {
  const { t } = useTranslation()
  const join = useJoin()
  const word = useCodeWord()
  const scope = useScopeWord()
  const { role } = props
  return (
    <Section title={word("role", role.role)}>
      <div className="stack">
        <p className="secondary">{word("role_text", role.role)}</p>
        <Facts
          items={[
            [t("roles.scope"), scope(role)],
            [
              t("roles.people"),
              <span key="people" className="name">
                {role.people.length === 0
                  ? t("roles.nobody")
                  : join(
                      role.people.map((one) =>
                        one.active ? one.name : t("roles.inactive", { name: one.name }),
                      ),
                    )}
              </span>,
            ],
          ]}
        />
        <section aria-label={t("roles.rights")} className="stack-s">
          <h3>{t("roles.rights")}</h3>
          {role.role === "owner" ? (
            <p>{t("roles.everything")}</p>
          ) : (
            <Facts
              items={role.rights.map((one) => [
                word("right_module", one.module),
                one.verbs.map((verb) => word("right_verb", verb)).join(" · "),
              ])}
            />
          )}
        </section>
      </div>
    </Section>
  )
}
