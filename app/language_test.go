package app

import (
	"fmt"
	"os"
	"testing"
)

// TestMain gives the tests English texts, whatever language the machine speaks:
// New reads the language from the environment. On Windows and macOS it asks the
// system, whose language then has to be English.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"LC_ALL": "en_US.UTF-8", "LANGUAGE": "en"} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}
