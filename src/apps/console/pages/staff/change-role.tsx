import { Select } from "antd"
import { useEffect, useState } from "react"
import { listRoles, saveStaff } from "../../../../modules/staff/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { LabelledField } from "../../../../ui/labelled-field.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useRightWord } from "../../lib/right-word.ts"
import { useCodeWord } from "../../lib/words.ts"
import { more, type Role, useScopeWord } from "./rights.ts"

type Person = { id: string; name: string; role: Role["role"] }

/** Another role for somebody, with what they lose, gain and see from then on. */
export function ChangeRole(props: { person: Person | null; onClose: () => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { person } = props
  const query = useRead(listRoles, {}, { enabled: person !== null })
  const save = useChange(saveStaff, ["staff", "session"])
  const [role, setRole] = useState<Role["role"]>("operator")
  useEffect(() => {
    if (person) setRole(person.role)
  }, [person])
  return (
    <ConfirmConsequence
      open={person !== null}
      title={t("roles.change_title", { name: person?.name ?? "" })}
      verb={t("roles.change_verb", { role: word("role", role) })}
      onClose={props.onClose}
      onConfirm={async () => {
        if (!person) return
        await save.mutateAsync({ body: { id: person.id, role } })
        toast(t("roles.changed"))
      }}
    >
      <div className="stack-s">
        <LabelledField label={t("roles.choose")}>
          {(id) => (
            <Select
              id={id}
              value={role}
              options={(query.data?.rows ?? []).map((one) => ({
                value: one.role,
                label: word("role", one.role),
              }))}
              onChange={setRole}
            />
          )}
        </LabelledField>
        <Ready query={query} rows={2}>
          {({ rows }) => <Consequence roles={rows} from={person?.role ?? role} to={role} />}
        </Ready>
      </div>
    </ConfirmConsequence>
  )
}

function Consequence(props: { roles: readonly Role[]; from: Role["role"]; to: Role["role"] }) {
  const { t } = useTranslation()
  const join = useJoin()
  const right = useRightWord()
  const scope = useScopeWord()
  const from = props.roles.find((one) => one.role === props.from)
  const to = props.roles.find((one) => one.role === props.to)
  if (!from || !to) return null
  if (from === to) return <p className="secondary">{t("roles.same")}</p>
  const list = (rights: string[]) => join(rights.map(right))
  const [lost, gained] = [more(to, from), more(from, to)]
  return (
    <div className="stack-s" aria-live="polite">
      {lost.length > 0 ? <p className="warn">{t("roles.loses", { list: list(lost) })}</p> : null}
      {gained.length > 0 ? <p>{t("roles.gains", { list: list(gained) })}</p> : null}
      {scope(from) === scope(to) ? null : (
        <p>{t("roles.scope_becomes", { from: scope(from), to: scope(to) })}</p>
      )}
      <p className="secondary">{t("roles.signs_out")}</p>
    </div>
  )
}
