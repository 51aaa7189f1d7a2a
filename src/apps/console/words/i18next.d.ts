import type { zh } from "./zh/index.ts"

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation"
    resources: { translation: typeof zh }
  }
}
