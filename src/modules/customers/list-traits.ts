/** Traits that the list and its file show, where somebody offers them. */
export const LIST_TRAITS = [
  "customers.stage",
  "customers.standing",
  "customers.activity",
  "orders.count",
  "orders.gmv_fen",
  "orders.last_day",
  "points.balance",
  "tags.all",
]
