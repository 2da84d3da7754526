//go:build !windows

package atomicfile_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"postroom/session/atomicfile"
)

// A pipe that nobody writes to would be waited for, a device be read without end.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	pipe, file := filepath.Join(dir, "pipe"), filepath.Join(dir, "file")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	write(t, file, "12345", 0o600)
	for name, want := range map[string]error{
		pipe: atomicfile.ErrNotRegular, "/dev/zero": atomicfile.ErrNotRegular, dir: atomicfile.ErrNotRegular, file: atomicfile.ErrTooLarge,
	} {
		if b, err := atomicfile.Read(name, 4); !errors.Is(err, want) || len(b) > 0 {
			t.Errorf("%s: %q, %v; want %v", name, b, err, want)
		}
	}
	if b, err := atomicfile.Read(file, 5); err != nil || string(b) != "12345" {
		t.Errorf("%q, %v", b, err)
	}
}

// A pipe that nobody reads is an error at once; what is written to one that somebody
// reads comes there whole, however slow that is.
func TestAPipeIsWrittenToWhereSomebodyReadsIt(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	if f, err := atomicfile.Create(pipe, atomicfile.Shared); !errors.Is(err, syscall.ENXIO) {
		t.Fatalf("%v, %v; want ENXIO", f, err)
	}
	if f, err := atomicfile.OpenPrivate(pipe); !errors.Is(err, syscall.ENXIO) {
		t.Fatalf("%v, %v; want ENXIO", f, err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	f, err := atomicfile.Create(pipe, atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	rows := bytes.Repeat([]byte("a row\n"), 100_000) // more than a pipe holds
	read := make(chan []byte, 1)
	go func() { // ends with the pipe, or with the reader's close
		b, _ := io.ReadAll(reader)
		read <- b
	}()
	if _, err := f.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if b := <-read; !bytes.Equal(b, rows) {
		t.Errorf("%d bytes came of %d", len(b), len(rows))
	}
}
