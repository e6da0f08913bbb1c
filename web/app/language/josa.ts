const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const FINALS = 28;
const FINAL_RIEUL = 8;

/**
 * The particle that fits the end of a word: the first form after a final consonant, the second after a vowel.
 * After ㄹ, "으로" gives way to "로". A word that ends in anything but Hangul takes the second.
 */
export function josa(word: string, afterConsonant: string, afterVowel: string): string {
  const last = word.codePointAt(word.length - 1) ?? 0;
  if (last < FIRST_SYLLABLE || last > LAST_SYLLABLE) return afterVowel;
  const final = (last - FIRST_SYLLABLE) % FINALS;
  if (final === FINAL_RIEUL && afterConsonant === "으로") return afterVowel;
  return final === 0 ? afterVowel : afterConsonant;
}
