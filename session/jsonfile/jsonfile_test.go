package jsonfile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"postroom/session/jsonfile"
)

type settings struct {
	Name  string   `json:"name"`
	Items []string `json:"items"`
}

func TestSavedIsLoaded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "settings.json")
	want := settings{Name: "x <y>", Items: []string{"1", "2"}}
	if err := jsonfile.Save(path, 3, want); err != nil {
		t.Fatal(err)
	}
	var got settings
	if err := jsonfile.Load(path, 3, &got); err != nil || got.Name != want.Name || len(got.Items) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if info, err := os.Stat(path); err != nil || os.PathSeparator == '/' && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(names) != 1 {
		t.Errorf("more than the file was left: %v, %v", names, err)
	}
}

func TestAMissingFileIsNoError(t *testing.T) {
	got := settings{Name: "default"}
	if err := jsonfile.Load(filepath.Join(t.TempDir(), "none.json"), 1, &got); err != nil || got.Name != "default" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUnreadableFilesAreSetAsideAndNothingIsHalfRead(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "torn": `{"version":1,"data":{"name":"x"`, "no data": `{"version":1}`, "version": `{"version":-1,"data":{}}`,
		"late fault": `{"version":1,"data":{"name":"half","items":[1]}}`, "two documents": `{"version":1,"data":{}} {}`,
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "f.json")
		for round := range 2 { // a second one does not overwrite the first
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := settings{Name: "before"}
			err := jsonfile.Load(path, 1, &got)
			var aside *jsonfile.SetAsideError
			if !errors.As(err, &aside) || got.Name != "before" {
				t.Fatalf("%s: %+v, %v", name, got, err)
			}
			if name == "version" && !errors.Is(err, jsonfile.ErrVersion) {
				t.Errorf("%s: %v", name, err)
			}
			if b, err := os.ReadFile(aside.Kept); err != nil || string(b) != text {
				t.Errorf("%s: kept %q, %v", name, b, err)
			}
			kept, err := filepath.Glob(path + ".unreadable-*")
			if err != nil || len(kept) != round+1 {
				t.Errorf("%s: %v, %v", name, kept, err)
			}
		}
	}
}

func TestAFolderInTheWayIsAnErrorAndStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	if err := os.MkdirAll(filepath.Join(path, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	var aside *jsonfile.SetAsideError
	if err := jsonfile.Load(path, 1, &settings{}); err == nil || errors.As(err, &aside) {
		t.Errorf("load: %v", err)
	}
	if err := jsonfile.Save(path, 1, settings{}); err == nil {
		t.Error("save succeeded")
	}
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(names) != 1 {
		t.Errorf("a temporary file was left: %v, %v", names, err)
	}
}

func TestUpdatesDoNotLoseEachOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { // ends after its rounds
			for range 10 {
				_, err := jsonfile.Update(t.Context(), path, 1, func(s *settings) error {
					s.Items = append(s.Items, "x")
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var got settings
	if err := jsonfile.Load(path, 1, &got); err != nil || len(got.Items) != 80 {
		t.Errorf("%d of 80 changes, %v", len(got.Items), err)
	}
}

func TestUpdateLeavesTheFileWhenChangeFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	if err := jsonfile.Save(path, 1, settings{Name: "kept"}); err != nil {
		t.Fatal(err)
	}
	no := errors.New("no")
	if _, err := jsonfile.Update(t.Context(), path, 1, func(s *settings) error { s.Name = "lost"; return no }); !errors.Is(err, no) {
		t.Errorf("%v", err)
	}
	var got settings
	if err := jsonfile.Load(path, 1, &got); err != nil || got.Name != "kept" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUpdateReportsWhatItSetAsideAndGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	if err := os.WriteFile(path, []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	aside, err := jsonfile.Update(t.Context(), path, 1, func(s *settings) error { s.Name = "new"; return nil })
	if err != nil || aside == nil || !strings.HasPrefix(aside.Kept, path) {
		t.Errorf("%v, %v", aside, err)
	}
}

func TestWaitingForTheLockEndsWithItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	inside := make(chan struct{})
	release := make(chan struct{})
	done := make(chan error)
	go func() { // ends when released
		_, err := jsonfile.Update(t.Context(), path, 1, func(*settings) error { close(inside); <-release; return nil })
		done <- err
	}()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := jsonfile.Update(ctx, path, 1, func(*settings) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// What a newer program wrote is whole, and somebody needs it.
func TestAFileOfANewerProgramStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	const text = `{"version":2,"data":{"name":"new","more":1}}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := settings{Name: "before"}
	var newer *jsonfile.NewerError
	if err := jsonfile.Load(path, 1, &got); !errors.As(err, &newer) || newer.Version != 2 || newer.Known != 1 || got.Name != "before" {
		t.Errorf("Load: %+v, %v", got, err)
	}
	_, err := jsonfile.Update(t.Context(), path, 1, func(s *settings) error { s.Name = "lost"; return nil })
	if !errors.As(err, &newer) || newer.Path != path || !errors.Is(err, jsonfile.ErrVersion) {
		t.Errorf("Update: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != text {
		t.Errorf("%s, %v", b, err)
	}
}

func TestPeekLeavesWhatItCannotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.json")
	if err := os.WriteFile(path, []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := settings{Name: "before"}
	if err := jsonfile.Peek(path, 1, &got); !errors.Is(err, jsonfile.ErrUnreadable) || got.Name != "before" {
		t.Errorf("%+v, %v", got, err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "torn" {
		t.Errorf("%s, %v", b, err)
	}
}
