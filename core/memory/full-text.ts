import { type SQL, sql } from "drizzle-orm";

/** Characters of a word's beginning that the index has lists of its own for (`prefix` in the migration of `entities_fts`). */
export const INDEXED_BEGINNING = 4;
/** Different words of the index that one typed beginning may stand for and still be asked for by name. */
export const MOST_WORDS_OF_A_BEGINNING = 64;
const MOST_WORDS_TYPED = 8;
/** Columns that hold words of people. */
const WORDS = "{name contact message}";

const quoted = (text: string): string => `"${text.replaceAll('"', " ")}"`;

const MARK = /[\u0300-\u036f]/;
const PLAIN_LETTER = /[A-Za-z]/;

/** A letter as the index folds it (`unicode61 remove_diacritics 2`): of other scripts than the Latin it takes no mark away. A rule about a letter's place in its word is none of it. */
const foldedLetter = (letter: string): string => {
  if (MARK.test(letter)) return "";
  const [base = letter] = letter.normalize("NFD");
  return (PLAIN_LETTER.test(base) ? base : letter).toLowerCase().replace("ς", "σ");
};
const folded = (word: string): string => Array.from(word, foldedLetter).join("");

/** A word whose beginning has no list: `last` is what was typed of the index's own word, `before` the words that stand in front of it. */
interface Beginning {
  before: string;
  last: string;
  /** The same by the beginning alone. */
  plain: string;
}

const read = (typed: string): Beginning | string => {
  const plain = `${WORDS} : ${quoted(typed)} *`;
  const words = folded(typed).split(/[^\p{L}\p{N}\p{Co}]+/u).filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  return Array.from(last).length <= INDEXED_BEGINNING ? plain : { before: words.slice(0, -1).map((word) => `${word} `).join(""), last, plain };
};

/**
 * A full-text query (for MATCH) for what a person typed: each word, or its beginning, anywhere in the row. FTS5 would take words for
 * its own syntax; in quotes they are words. The scope keeps the search inside the tenant (and the project, and the type).
 *
 * FTS5 gives a word's entries one by one, newest first, and so those of a beginning that it has a list of; for any other beginning it
 * first reads all entries of all words that begin so, of all tenants. So a longer one is asked for by the words that there are, found with one
 * look-up each. Where they are too many, each of them is rare, as numbers are; then it is asked for by its beginning.
 */
export const fullTextQuery = (text: string, scope: readonly (string | undefined)[]): SQL => {
  const scoped = scope.flatMap((name) => (name === undefined ? [] : [`scope : ${quoted(name)}`]));
  const typed = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).slice(0, MOST_WORDS_TYPED).map(read);
  const known = [...scoped, ...typed.filter((word) => typeof word === "string")].join(" AND ");
  const beginnings = typed.filter((word) => typeof word !== "string");
  if (beginnings.length === 0) return sql`${known}`;
  const most = beginnings.length * (MOST_WORDS_OF_A_BEGINNING + 2);
  const next = (after: SQL): SQL => sql`(SELECT term FROM entities_fts_words WHERE term >= ${after} LIMIT 1)`;
  return sql`(
    WITH RECURSIVE typed(n, plain, before, last) AS (SELECT key, value ->> 'plain', value ->> 'before', value ->> 'last' FROM json_each(${JSON.stringify(beginnings)})),
    words(n, last, word) AS (
      SELECT n, last, ${next(sql`last`)} FROM typed
      UNION ALL SELECT n, last, ${next(sql`word || char(1)`)} FROM words WHERE substr(word, 1, length(last)) = last LIMIT ${sql.raw(String(most))}
    ),
    found(n, count, phrases) AS (
      SELECT typed.n, count(word), group_concat('"' || before || word || '"', ' OR ')
      FROM typed LEFT JOIN words ON words.n = typed.n AND substr(word, 1, length(words.last)) = words.last GROUP BY typed.n
    )
    SELECT ${known} || group_concat(' AND ' || CASE WHEN count BETWEEN 1 AND ${sql.raw(String(MOST_WORDS_OF_A_BEGINNING))} THEN ${`${WORDS} : (`} || phrases || ')' ELSE plain END, '')
    FROM found JOIN typed USING (n)
  )`;
};
