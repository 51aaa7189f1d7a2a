/** The colours of every page, light and dark; pages never name one of their own. */
export type Mode = "light" | "dark"

export type Palette = {
  ground: string
  surface: string
  raised: string
  ink: string
  secondary: string
  hairline: string
  accent: string
  accentHover: string
  accentTint: string
  /** Text on an accent ground. */
  onAccent: string
  warn: string
  warnTint: string
  danger: string
  dangerTint: string
  info: string
  infoTint: string
}

export const palettes: Record<Mode, Palette> = {
  light: {
    ground: "#FAFAF8",
    surface: "#FFFFFF",
    raised: "#FFFFFF",
    ink: "#1F2328",
    secondary: "#646B76",
    hairline: "#E7E7E4",
    accent: "#2F7D5B",
    accentHover: "#276A4D",
    accentTint: "#EFF7F3",
    onAccent: "#FFFFFF",
    // The field's usual amber (#B7791F) reaches only 3.6:1 on white as text; this one is its darker step.
    warn: "#8A5A10",
    warnTint: "#FBF3E4",
    danger: "#B42318",
    dangerTint: "#FCEFEE",
    info: "#2B6CB0",
    infoTint: "#EBF3FA",
  },
  dark: {
    ground: "#14171A",
    surface: "#1B1F23",
    raised: "#22272C",
    ink: "#E6E8EA",
    secondary: "#9BA3AE",
    hairline: "#30363C",
    accent: "#4BA57F",
    accentHover: "#62B893",
    accentTint: "#1D2E27",
    onAccent: "#0B1410",
    warn: "#DDA74F",
    warnTint: "#2F2718",
    danger: "#F08A80",
    dangerTint: "#331F1E",
    info: "#7FB2E3",
    infoTint: "#1C2833",
  },
}

/**
 * Four tints of one hue, from few to many, and the text on each. On dark ground few is dark: a light cell would call for the eye
 * that the many are to have.
 */
export const heats: Record<Mode, readonly { tint: string; text: string }[]> = {
  light: [
    { tint: "#EFF7F3", text: "#1F2328" },
    { tint: "#CFE6DA", text: "#1F2328" },
    { tint: "#9CCBB4", text: "#1F2328" },
    { tint: "#2F7D5B", text: "#FFFFFF" },
  ],
  dark: [
    { tint: "#1D2E27", text: "#E6E8EA" },
    { tint: "#214535", text: "#E6E8EA" },
    { tint: "#286249", text: "#E6E8EA" },
    { tint: "#2F7D5B", text: "#FFFFFF" },
  ],
}

/** Eight colours that stay apart for colour-blind eyes, in a fixed order. */
export const dataColours = [
  "#2F7D5B",
  "#2B6CB0",
  "#C9822B",
  "#7A5195",
  "#4C9F9F",
  "#B5485D",
  "#8A8F3C",
  "#6B7280",
] as const

/** Contrast of two colours written #RRGGBB, 1 to 21, by the WCAG formula. */
export function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
