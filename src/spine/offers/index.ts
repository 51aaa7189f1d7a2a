export * from "./offer.ts"
export { catalogue, createRegistry, type Registry } from "./registry.ts"
