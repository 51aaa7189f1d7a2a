import { Time } from "../../../../ui/now.tsx"
import { Why } from "../../../../ui/why.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSay } from "../../lib/words.ts"
import { type Trait, TraitValue, WhyFacts } from "./values.tsx"

/** Where somebody stands: said first, each with its reason. */
const CLASSES = new Set(["customers.stage", "customers.standing", "customers.activity", "orders.rfm_segment"])

/** What the card above says already. */
const SAID_ABOVE = new Set([
  ...CLASSES,
  "tags.all",
  "customers.owner",
  "customers.source_code",
  "customers.gender",
  "customers.region",
  "customers.accounts",
])

const isKnown = ({ value }: Trait) =>
  value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0)

/** Stage, standing, activity and RFM segment, each with the reason one click away. */
export function Standing(props: { traits: Trait[] }) {
  return <TraitRows traits={props.traits.filter((trait) => CLASSES.has(trait.name) && isKnown(trait))} />
}

/** Everything else that is known, with the reason one click away; what is not known of this person yet stands folded at the end. */
export function Known(props: { traits: Trait[] }) {
  const { t } = useTranslation()
  const traits = props.traits.filter((trait) => !SAID_ABOVE.has(trait.name))
  const unknown = traits.filter((trait) => !isKnown(trait))
  return (
    <>
      <TraitRows traits={traits.filter(isKnown)} />
      {unknown.length > 0 ? (
        <details>
          <summary className="secondary small">
            {t("customers.unknown_traits", { n: unknown.length })}
          </summary>
          <TraitRows traits={unknown} />
        </details>
      ) : null}
    </>
  )
}

function TraitRows(props: { traits: Trait[] }) {
  const { t } = useTranslation()
  const say = useSay()
  return (
    <dl className="facts facts-1">
      {props.traits.map((trait) => (
        <div key={trait.name}>
          <dt>{say(trait.label)}</dt>
          <dd className="row">
            <TraitValue trait={trait} />
            {trait.why || trait.since ? (
              <Why of={say(trait.label)}>
                {trait.since ? (
                  <p className="secondary small">
                    <Time at={trait.since} />
                  </p>
                ) : null}
                {trait.why ? (
                  <>
                    <h3>{t("customers.rule")}</h3>
                    <WhyFacts why={trait.why} />
                  </>
                ) : null}
              </Why>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}
