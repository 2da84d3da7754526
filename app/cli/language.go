package cli

import (
	"cmp"
	"io"
	"os"

	"postroom/app/folders"
	"postroom/app/settings"
)

// terminal is the locale of the terminal, as its programs find it (POSIX 8.2); empty where
// none is set, as on Windows and in cron.
func terminal() string {
	return cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
}

// findLanguage gives the language of the session: the terminal's, else the one that was
// chosen in the window. Settings that cannot be read are told to messages, and count as none.
func findLanguage(messages io.Writer) string {
	if locale := terminal(); locale != "" {
		return locale
	}
	dir, err := folders.Config()
	var kept settings.Settings
	if err == nil {
		kept, err = settings.Peek(dir)
	}
	if err != nil {
		say(messages, "postroom: the texts are English: %v\n", err)
	}
	return string(kept.Language)
}
