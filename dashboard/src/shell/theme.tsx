import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const ICONS = { system: Monitor, light: Sun, dark: Moon };

const stored = (): Theme => THEMES.find((theme) => theme === document.documentElement.dataset["theme"]) ?? "system";

const apply = (theme: Theme): void => {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem("apex-theme", theme);
  } catch {
    // Private windows may keep nothing; the choice then lasts as long as the page.
  }
};

/** Light, dark, or as the system is. */
export const ThemeButton = () => {
  const [theme, setTheme] = useState(stored);
  const Icon = ICONS[theme];
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <Button kind="quiet" size="icon" aria-label={`${t("theme.label")}: ${t(`theme.${theme}`)}`} title={t(`theme.${theme}`)} onClick={() => { apply(next); setTheme(next); }}>
      <Icon size={17} />
    </Button>
  );
};
