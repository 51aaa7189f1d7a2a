const REST_MS = 120

/**
 * Marks an element with `is-scrolling` while anything is scrolled. A row that lights up as it passes under a resting mouse makes
 * the browser paint the list anew for every frame: half of them are lost on a slow machine. Gives what ends it.
 */
export function markScrolling(element: Element): () => void {
  let rest: ReturnType<typeof setTimeout> | undefined
  const scrolled = () => {
    if (rest === undefined) element.classList.add("is-scrolling")
    clearTimeout(rest)
    rest = setTimeout(() => {
      rest = undefined
      element.classList.remove("is-scrolling")
    }, REST_MS)
  }
  const listening = { passive: true, capture: true }
  window.addEventListener("scroll", scrolled, listening)
  return () => {
    clearTimeout(rest)
    window.removeEventListener("scroll", scrolled, listening)
  }
}
