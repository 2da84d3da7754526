package folders_test

import (
	"path/filepath"
	"testing"

	"postroom/app/folders"
)

func TestFoldersFollowTheEnvironment(t *testing.T) {
	config, state := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("XDG_STATE_HOME", state)
	if got, err := folders.Config(); err != nil || got != filepath.Join(config, "postroom") {
		t.Errorf("Config() = %q, %v", got, err)
	}
	if got, err := folders.State(); err != nil || got != filepath.Join(state, "postroom") {
		t.Errorf("State() = %q, %v", got, err)
	}
}

func TestRelativeFoldersAreIgnored(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "relative")
	t.Setenv("XDG_STATE_HOME", "relative")
	for name, folder := range map[string]func() (string, error){"Config": folders.Config, "State": folders.State} {
		got, err := folder()
		if err != nil || !filepath.IsAbs(got) {
			t.Errorf("%s() = %q, %v, want an absolute path", name, got, err)
		}
	}
}
