/** For `ref`: what was just opened by a press takes the focus once. */
export const focusAtOpening = (element: HTMLElement | null) => element?.focus()
