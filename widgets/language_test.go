package widgets_test

import (
	"fmt"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// TestMain gives the tests English texts, whatever language the machine speaks.
func TestMain(m *testing.M) {
	if err := speakEnglish(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// speakEnglish tells Fyne anew which language the environment asks for: it has
// looked before any test could say so.
func speakEnglish() error {
	for name, value := range map[string]string{"LC_ALL": "en_US.UTF-8", "LANGUAGE": "en"} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return lang.AddTranslationsForLocale([]byte("{}"), fyne.Locale("en"))
}
