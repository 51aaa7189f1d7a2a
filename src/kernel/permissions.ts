/** Pure: whether granted patterns such as `*`, `*.read` or `customers.*` cover a permission `<module>.<verb>`. */
export function allows(granted: readonly string[], permission: string): boolean {
  const [module, verb] = permission.split(".")
  return granted.some((pattern) => {
    if (pattern === "*" || pattern === permission) return true
    const [m, v] = pattern.split(".")
    return (m === "*" || m === module) && (v === "*" || v === verb) && pattern.includes("*")
  })
}
