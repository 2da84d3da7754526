package app

import (
	"errors"
	"fmt"

	"fyne.io/fyne/v2/lang"

	"postroom/app/settings"
	"postroom/assets"
)

// speak gives the texts of the window their language; call it before the first widget.
// Fyne takes the language from the system, and cannot be told another: so the texts of the
// one that a person chose get the name of the system's.
func speak(l settings.Language) error {
	translations := assets.Translations()
	if err := lang.AddTranslationsFS(translations, "translations"); err != nil {
		return fmt.Errorf("read the translations: %w", err)
	}
	if l != settings.English && l != settings.German {
		return nil // the desktop's, also for one that a newer program has written
	}
	for _, texts := range []string{"", "fyne."} {
		b, err := translations.ReadFile("translations/" + texts + string(l) + ".json")
		if err = errors.Join(err, lang.AddTranslationsForLocale(b, lang.SystemLocale())); err != nil {
			return fmt.Errorf("read the translations for %s: %w", l, err)
		}
	}
	return nil
}
