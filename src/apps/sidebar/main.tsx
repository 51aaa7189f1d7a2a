import { createRoot } from "react-dom/client"
import "../../ui/styles/base.css"
import "../../ui/styles/watermark.css"
import "./style.css"
import { useModeChoice } from "../../ui/mode.tsx"
import { Page } from "./page.tsx"
import { language, t } from "./words/use.ts"

function Sidebar() {
  useModeChoice()
  return <Page />
}

const place = document.getElementById("app")
if (!place) throw new Error("sidebar.html has no #app")
document.documentElement.lang = language === "en" ? "en" : "zh-CN"
document.title = t("title")
createRoot(place).render(<Sidebar />)
