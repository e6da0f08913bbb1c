const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const SYLLABLES_PER_INITIAL = 588;
const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const ONLY_CONSONANTS = /^[ㄱ-ㅎ]+$/u;

/** The initial consonants of a text: "홍길동" gives "ㅎㄱㄷ"; what is not Hangul stays. */
export function initialConsonants(text: string): string {
  return [...text]
    .map((letter) => {
      const code = letter.codePointAt(0) ?? 0;
      if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) return letter;
      return INITIALS[Math.floor((code - FIRST_SYLLABLE) / SYLLABLES_PER_INITIAL)] ?? letter;
    })
    .join("");
}

const folded = (text: string): string => text.normalize("NFC").toLowerCase().replace(/\s+/gu, "");

/** Whether a name fits what is typed: part of it, or its initial consonants. Nothing typed fits everything. */
export function nameMatches(name: string, typed: string): boolean {
  const wanted = folded(typed);
  const whole = folded(name);
  if (whole.includes(wanted)) return true;
  return ONLY_CONSONANTS.test(wanted) && initialConsonants(whole).includes(wanted);
}
