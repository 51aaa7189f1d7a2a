/** The first impression that an account makes, item by item. */
export const IMPRESSION_ITEMS = ["avatar", "nickname", "cover", "moments", "signature", "realness"] as const
