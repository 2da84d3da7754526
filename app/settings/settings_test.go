package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"postroom/app/settings"
)

func TestSettingsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	s, err := settings.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Change(t.Context(), func(s *settings.Settings) { s.Account, s.Endpoint = "anna@contoso.example", "eop" }); err != nil {
		t.Fatal(err)
	}
	again, err := settings.Open(dir)
	if err != nil || again.Get().Account != "anna@contoso.example" || again.Get().Endpoint != "eop" {
		t.Errorf("%+v, %v", again.Get(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := settings.Open(dir); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("a torn file gives %v", err)
	}
}
