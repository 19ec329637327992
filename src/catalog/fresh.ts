/**
 * Calls that give another value each time, by the names that the evaluator gives their results, and what makes a time the same again
 * for a while. Sources (November 2026): Node.js 24 documentation (crypto, Date, performance), README of uuid 11, uuid4 2, nanoid 5, ulid 3,
 * ksuid 3, cuid 3, @paralleldrive/cuid2 2, bson 6, short-uuid 5, randexp 0.5, date-fns 4.
 */

/** Random ids. `uuid` 3 and 5 are made from a name: the same each time. */
export const randomCall = /^(?:global:(?:Math\.random|crypto\.(?:randomUUID|getRandomValues))|crypto:(?:webcrypto\.)?random\w*|uuid(?:\/v[14])?:(?!.*\bv[35]\b).*|(?:uuid4|nanoid(?:\/\S+)?|ulid|ulidx|ksuid|cuid|@paralleldrive\/cuid2|short-uuid|short-unique-id|shortid|uniqid|hyperid|uid|@lukeed\/uuid|crypto-random-string|randomstring|randexp|unique-id|@aws-sdk\/util-uuid):.*)$/;
/** Random ids that are objects: `new ObjectId()`. */
export const randomClass: ReadonlySet<string> = new Set(['ObjectId', 'ObjectID']);
/** The time to the millisecond. */
export const timeCall = /^(?:global:(?:Date\.now|Date|performance\.now|process\.hrtime(?:\.bigint)?)|process:hrtime(?:\.bigint)?|perf_hooks:performance\.now|FieldValue\.serverTimestamp|firebase-admin(?:\/\S+)?:.*Timestamp\.now)$/;
/** Parts of a time that stay for a while: the day, the hour; a text of it, which is often cut short (cutting is not seen in values). */
export const coarseCall = /#(?:toISOString|toJSON|toString|slice|substring|substr|split|match|get(?:UTC)?(?:FullYear|Year|Month|Date|Day|Hours)|toDateString|toLocaleDateString|format|startOf|endOf|toISODate|set(?:UTC)?(?:Hours|Minutes|Seconds|Milliseconds))$|^date-fns(?:\/\w+)?:.*\b(?:format|startOf\w+|endOf\w+|formatISO)\b|^\.\d+$/;
