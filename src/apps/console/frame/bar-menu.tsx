import { type ReactNode, useEffect, useRef, useState } from "react"

/** A button of the top bar that opens a short list; closes on Escape, on choice and when the focus leaves. */
export function BarMenu(props: { label: string; button: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const holder = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const away = (event: Event) => {
      if (event.target instanceof Node && !holder.current?.contains(event.target)) setOpen(false)
    }
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return
      setOpen(false)
      holder.current?.querySelector("button")?.focus()
    }
    document.addEventListener("pointerdown", away)
    document.addEventListener("focusin", away)
    document.addEventListener("keydown", key)
    return () => {
      document.removeEventListener("pointerdown", away)
      document.removeEventListener("focusin", away)
      document.removeEventListener("keydown", key)
    }
  }, [open])
  return (
    <div className="bar-menu" ref={holder}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="visually-hidden">{props.label}</span>
        {props.button}
      </button>
      {open ? (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons inside take the keys; this only closes after a choice
        <ul onClick={() => setOpen(false)}>{props.children}</ul>
      ) : null}
    </div>
  )
}
