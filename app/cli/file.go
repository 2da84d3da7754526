package cli

import (
	"errors"
	"io"
	"os"

	"postroom/session/atomicfile"
	"postroom/session/result"
)

// files are those that the flags named. One takes its name only when the run
// came to its end, so that a broken off run never looks like a whole one.
type files []*atomicfile.File

// open gives the writer for what a flag named.
func (f *files) open(name string, stdout io.Writer) (io.Writer, error) {
	if name == stdoutName {
		return stdout, nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, &usageError{command: "run", what: name + " is a folder, not a file"}
	}
	file, err := atomicfile.Create(name, atomicfile.Shared)
	if err != nil {
		return nil, cannotWrite(err)
	}
	*f = append(*f, file)
	return file, nil
}

// keep gives the files their names: the one asked for, or with .partial when
// the rows may not be all, which it tells.
func (f *files) keep(whole bool, messages io.Writer) error {
	var failed []error
	for _, file := range *f {
		if whole {
			failed = append(failed, file.Commit()) // the name was fine; what fails now is the disk's
			continue
		}
		name, err := file.CommitAs(result.PartialSuffix)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		say(messages, "postroom: the rows that came are in %s\n", name)
	}
	*f = nil
	return join(failed...)
}

// giveUp removes the files, which a person does not wait for, and says so.
func (f *files) giveUp(messages io.Writer) error {
	for _, file := range *f {
		say(messages, "postroom: %s was not written\n", file.Name())
	}
	return f.discard()
}

// discard removes the files.
func (f *files) discard() error {
	var failed []error
	for _, file := range *f {
		failed = append(failed, file.Discard())
	}
	*f = nil
	return errors.Join(failed...)
}

// cannotWrite makes a fileError of why a file that a flag names cannot be begun.
func cannotWrite(err error) error {
	if err == nil {
		return nil
	}
	return &fileError{err: err}
}
