import { Monitor, Moon, Sun } from "lucide-preact";
import { type Language, language, setLanguage, words } from "../language/language";
import { Tabs } from "../parts/tabs";
import { setTheme, type Theme, theme } from "../theme/theme";
import { Section } from "./section";

export function Look() {
  const said = words.value.settings;
  return (
    <Section title={said.look}>
      <div class="settings-form">
        <div class="settings-choice">
          <span class="field-label">{said.theme}</span>
          <Tabs<Theme>
            label={said.theme}
            value={theme.value}
            onChange={setTheme}
            options={[
              { value: "system", label: said.themeSystem, icon: Monitor },
              { value: "light", label: said.themeLight, icon: Sun },
              { value: "dark", label: said.themeDark, icon: Moon },
            ]}
          />
        </div>
        <div class="settings-choice">
          <span class="field-label">{said.language}</span>
          <Tabs<Language>
            label={said.language}
            value={language.value}
            onChange={setLanguage}
            options={[
              { value: "ko", label: "한국어" },
              { value: "en", label: "English" },
            ]}
          />
        </div>
      </div>
    </Section>
  );
}
