/** The shape of a word list without its very words: what another language must fill, key by key. */
export type WordsLike<T> = { [K in keyof T]: T[K] extends string ? string : WordsLike<T[K]> }
