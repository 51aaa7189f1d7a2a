import { type ThemeConfig, theme } from "antd"
import { type Mode, palettes } from "./palette.ts"

const FONT =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, -apple-system, "Segoe UI", sans-serif'

/** The component library's tokens: the one place where its look is set. */
export function antdTheme(mode: Mode): ThemeConfig {
  const c = palettes[mode]
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: c.accent,
      colorPrimaryHover: c.accentHover,
      colorLink: c.accent,
      colorLinkHover: c.accentHover,
      colorInfo: c.info,
      colorSuccess: c.accent,
      colorWarning: c.warn,
      colorError: c.danger,
      colorText: c.ink,
      colorTextSecondary: c.secondary,
      colorTextTertiary: c.secondary,
      colorTextDescription: c.secondary,
      colorTextPlaceholder: c.secondary,
      colorBgBase: c.surface,
      colorBgLayout: c.ground,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorBorder: mode === "dark" ? "#464D55" : "#D4D4D0",
      colorBorderSecondary: c.hairline,
      colorSplit: c.hairline,
      fontFamily: FONT,
      fontSize: 14,
      lineHeight: 1.5715,
      borderRadius: 6,
      borderRadiusLG: 8,
      controlHeight: 34,
      // Whoever asked their machine for less motion gets none.
      motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      motionDurationFast: "0.12s",
      motionDurationMid: "0.15s",
      motionDurationSlow: "0.18s",
      wireframe: false,
    },
    components: {
      Button: {
        primaryColor: c.onAccent,
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
      },
      Card: { headerFontSize: 16, headerHeight: 48 },
      Tabs: { horizontalMargin: "0 0 16px" },
    },
  }
}
